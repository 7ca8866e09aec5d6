"""Ground: what every room stands on.

Owns: `Refused`, durable work rows (the outbox), links and codes that go out by mail, stored files.
Uses: nothing above it.
"""
