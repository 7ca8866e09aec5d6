"""Taxonomy: what keeps quality consistent as the program grows.

Owns: dimensions and their values, quality rules, frameworks with items and associations, their imports, crosswalks
between them, the CASE service.
Uses: people, ground.
"""
