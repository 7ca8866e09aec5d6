"""Credentials: what was issued, and whether it still stands.

Owns: signing keys, intents, batches, credentials, status lists, taking back, verification.
Uses: achievements, taxonomy (the rules that are asked when credentials are issued), people, ground, the engine (only this room signs).
"""
