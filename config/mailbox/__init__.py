"""Embedded mode's outside world: a real SMTP server that keeps what it is sent, and pages to read it."""
