"""Canonical forms: what is hashed when a document is signed."""
