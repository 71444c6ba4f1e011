"""Every state change, one function each: checks, guarded update, audit, in one transaction."""
