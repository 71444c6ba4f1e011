"""The reference project: settings, addresses, sign-in and processes around the two apps. Not in the wheel."""
