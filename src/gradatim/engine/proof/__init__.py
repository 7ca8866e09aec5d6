"""Proofs: embedded (Data Integrity) and enveloping (JOSE)."""
