"""Pages of achievements: the public catalog, and those of the staff."""
