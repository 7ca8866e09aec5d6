"""People: who is who, and what they did.

Owns: organizations, persons with several addresses, memberships and roles, learners, invitations, the log.
Uses: ground.
"""
