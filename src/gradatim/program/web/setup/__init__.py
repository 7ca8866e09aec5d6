"""The first run: look around, or start one's own program in a few questions."""
