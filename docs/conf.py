"""Sphinx builds these pages with `make docs`; a warning is an error."""

import tomllib
from pathlib import Path

_project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]

project = "Interdepend"
author = _project["authors"][0]["name"]
copyright = f"2026, {author}"
release = version = _project["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "Interdepend"
html_show_sphinx = False
