"""Web: the roof. Settings, addresses, home pages, base templates, and the wiring of background work.

Uses: every room.
"""
