"""How things leave the house: one module per way."""
