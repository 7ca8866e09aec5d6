"""Pages of the council: proposals, votes, decisions, bodies."""
