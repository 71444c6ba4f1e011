"""Figures, each beside a reference measured in the same run. CONTRIBUTING.md says how to run and how to add one."""
