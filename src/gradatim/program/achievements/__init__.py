"""Achievements: what can be earned, in versions that never change once approved.

Owns: achievements, versions, outcomes, alignments, badge images, the public catalog.
Uses: taxonomy, people, ground.
"""
