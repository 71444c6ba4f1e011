"""The staff's pages on Django's admin, one file a screen.

This package imports nothing by itself: `site` must be importable before the admin site exists, and the screens
register themselves on it (`screens`, loaded by the app's configuration).
"""
