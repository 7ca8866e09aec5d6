"""Pages of the taxonomy; one file per noun."""
