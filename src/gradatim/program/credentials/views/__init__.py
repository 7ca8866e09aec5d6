"""Pages of credentials: for everyone, for the staff, and for checking."""
