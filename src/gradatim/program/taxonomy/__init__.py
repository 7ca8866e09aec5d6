"""Taxonomy: what keeps quality consistent as the program grows.

Owns: dimensions and their values, quality rules, frameworks with items and associations.
Uses: people, ground.
"""
