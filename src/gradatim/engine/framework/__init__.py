"""Frameworks of skills and outcomes, read from many formats into one shape and written again."""
