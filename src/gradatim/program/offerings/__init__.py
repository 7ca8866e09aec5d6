"""Offerings: start small.

Owns: cohorts, rosters and their import, enrolments, results.
Uses: credentials (a result "met" leads to an award), achievements, people, ground.
"""
