"""Importing this registers every screen and page on the default admin site; the app does so once it is ready."""

from counseling.admin import case

__all__ = ["case"]
