"""Frameworks of skills and outcomes, read into one shape: Framework, Item, Association."""
