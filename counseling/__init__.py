"""Interdepend's case management: clients, relationships, cases, follow-ups, findings and their review."""
