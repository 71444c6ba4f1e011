"""The two ends of what is supported. `make matrix` runs both; the pins in requirements/ pick each Python's Django."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nox

ENDS = [
    nox.param("3.11", "5.2", id="python3.11-django5.2"),
    nox.param("3.13", "6.1", id="python3.13-django6.1"),
]


@nox.session(python=False)
@nox.parametrize(("version", "django"), ENDS)
def tests(session: nox.Session, version: str, django: str) -> None:
    """The tests that need no server, on one Python and the Django that its pins give it."""
    interpreter = next(working_interpreters(version), None)
    if interpreter is None:
        session.skip(f"No Python {version} runs here, neither on PATH nor under pyenv")
    folder = Path(".nox") / f"python{version}"
    session.run(".ci/venv", "dev", str(folder), env={"PYTHON": str(interpreter)}, external=True)
    python = folder / "bin" / "python"
    session.run(str(python), "-c", f"import django; assert django.__version__.startswith('{django}.')", external=True)
    session.run(str(python), "-m", "pytest", "-n", "auto", "--dist", "worksteal", *session.posargs, external=True)


def working_interpreters(version: str) -> Iterator[Path]:
    """The interpreters of exactly this minor version that start; a name on PATH may be a shim without one behind it."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders += sorted(pyenv.glob(f"versions/{version}.*/bin"))
    for candidate in (folder / f"python{version}" for folder in folders):
        if candidate.is_file() and runs(candidate, version):
            yield candidate


def runs(candidate: Path, version: str) -> bool:
    asked = [str(candidate), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True)
    return answer.stdout.strip() == version
