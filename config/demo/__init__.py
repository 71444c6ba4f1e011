"""``manage.py demo``: a synthetic clinic, served and sending on one machine. Installed by embedded mode only."""
