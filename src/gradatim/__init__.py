"""Gradatim: run a microcredential program, and issue and verify Open Badges."""

__version__ = "0.1.0"
