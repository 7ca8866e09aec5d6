"""Passport: the learner's side, "My credentials" on the screen.

Owns: getting a credential by link or slip, addresses, share links, downloads.
Uses: credentials, people, ground.
"""
