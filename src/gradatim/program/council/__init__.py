"""Council: who decides, and what was decided.

Owns: bodies, seats, proposals, reviews, ballots, votes, decisions, the ties of the alignment matrix.
Uses: offerings, credentials, achievements, taxonomy, people, ground.
"""
