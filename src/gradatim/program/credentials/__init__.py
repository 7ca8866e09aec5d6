"""Credentials: what was issued, and whether it still stands.

Owns: signing keys, intents, batches, credentials, status lists, taking back, verification.
Uses: achievements, people, ground, the engine (only this room signs).
"""
