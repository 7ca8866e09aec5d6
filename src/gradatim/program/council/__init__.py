"""Council: who decides, and what was decided.

Owns: bodies, seats, proposals, reviews, ballots, votes, decisions.
Uses: offerings, credentials, achievements, taxonomy, people, ground.
"""
