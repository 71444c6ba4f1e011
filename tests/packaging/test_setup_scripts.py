"""Setting up on a machine where names on PATH prove nothing: shims without a program, an old .venv, no uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SYSTEM = "/usr/bin:/bin"
REAL_PYTHON = getattr(sys, "_base_executable", sys.executable)

SHIM = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
INTERPRETER = f'#!/bin/sh\nexec "{REAL_PYTHON}" "$@"\n'
OLD_INTERPRETER = "#!/bin/sh\nexit 1\n"
UV = f"""#!/bin/sh
echo "$1 $2" >> uv.log
if [ "$1" = venv ]; then
  mkdir -p .venv/bin
  ln -s "{REAL_PYTHON}" .venv/bin/python
fi
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the scripts alone, so that no real .venv is touched."""
    shutil.copytree(ROOT / ".ci", tmp_path / "checkout" / ".ci")
    (tmp_path / "checkout" / "requirements").mkdir()
    for name in ("demo", "dev"):
        (tmp_path / "checkout" / "requirements" / f"{name}.txt").write_text(f"{name} as first pinned\n")
    return tmp_path / "checkout"


def run(checkout: Path, *command: str, path: str, python: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / ".ci" / command[0], *command[1:]],
        cwd=checkout,
        env={"PATH": path, "PYTHON": python, "HOME": os.environ.get("HOME", "")},
        check=False,
        capture_output=True,
        text=True,
    )


def uv_calls(checkout: Path) -> list[str]:
    """What was asked of uv, other than whether it runs."""
    calls = (checkout / "uv.log").read_text().splitlines()
    return [call for call in calls if call != "--version "]


def test_a_newer_name_that_does_not_run_is_passed_over(checkout: Path, tmp_path: Path):
    program(tmp_path / "shims" / "python3.14", SHIM)
    program(tmp_path / "shims" / "python3.13", OLD_INTERPRETER)
    program(tmp_path / "shims" / "python3.12", INTERPRETER)
    program(tmp_path / "shims" / "python3", SHIM)

    found = run(checkout, "find-python", path=f"{tmp_path}/shims:{SYSTEM}")

    assert found.stdout.strip() == REAL_PYTHON


def test_a_shim_does_not_hide_the_interpreter_further_along(checkout: Path, tmp_path: Path):
    program(tmp_path / "shims" / "python3.14", SHIM)
    program(tmp_path / "real" / "python3.14", INTERPRETER)

    found = run(checkout, "find-python", path=f"{tmp_path}/shims:{tmp_path}/real:{SYSTEM}")

    assert found.stdout.strip() == REAL_PYTHON


def test_an_interpreter_asked_for_by_name_is_used_or_refused_but_never_replaced(checkout: Path, tmp_path: Path):
    shim = program(tmp_path / "shims" / "python3.14", SHIM)

    assert run(checkout, "find-python", path=SYSTEM, python=REAL_PYTHON).stdout.strip() == REAL_PYTHON
    refused = run(checkout, "find-python", path=SYSTEM, python=str(shim))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"PYTHON={shim} does not run" in refused.stderr


def test_a_uv_that_fails_counts_as_not_installed(checkout: Path, tmp_path: Path):
    program(tmp_path / "shims" / "uv", SHIM)
    works = program(tmp_path / "real" / "uv", UV)

    assert run(checkout, "find-uv", path=f"{tmp_path}/shims:{tmp_path}/real:{SYSTEM}").stdout.strip() == str(works)


def test_without_uv_the_private_one_is_used(checkout: Path, tmp_path: Path):
    program(tmp_path / "shims" / "uv", SHIM)
    private = program(checkout / "var" / "tools" / "bin" / "uv", UV)

    assert run(checkout, "find-uv", path=f"{tmp_path}/shims:{SYSTEM}").stdout.strip() == str(private)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with a working uv and a working interpreter."""
    program(tmp_path / "bin" / "uv", UV)
    program(tmp_path / "bin" / "python3", INTERPRETER)
    return f"{tmp_path}/bin:{SYSTEM}"


def test_setting_up_a_second_time_calls_nothing(checkout: Path, path: str):
    assert run(checkout, "venv", "dev", path=path).returncode == 0
    assert run(checkout, "venv", "dev", path=path).returncode == 0
    assert uv_calls(checkout) == ["venv --quiet", "pip install"]


def test_changed_pins_are_installed_into_the_same_environment(checkout: Path, path: str):
    run(checkout, "venv", "dev", path=path)
    (checkout / "requirements" / "dev.txt").write_text("dev as pinned anew\n")
    run(checkout, "venv", "dev", path=path)
    assert uv_calls(checkout) == ["venv --quiet", "pip install", "pip install"]


def test_the_demo_needs_nothing_more_than_a_developer_has(checkout: Path, path: str):
    run(checkout, "venv", "dev", path=path)
    run(checkout, "venv", "demo", path=path)
    assert uv_calls(checkout) == ["venv --quiet", "pip install"]


def test_a_developer_needs_more_than_the_demo_has(checkout: Path, path: str):
    run(checkout, "venv", "demo", path=path)
    run(checkout, "venv", "dev", path=path)
    assert uv_calls(checkout) == ["venv --quiet", "pip install", "pip install"]


def test_an_environment_whose_interpreter_is_gone_is_made_anew(checkout: Path, path: str):
    run(checkout, "venv", "dev", path=path)
    (checkout / ".venv" / "bin" / "python").unlink()
    (checkout / ".venv" / "bin" / "python").symlink_to("/no/such/python")
    run(checkout, "venv", "dev", path=path)
    assert uv_calls(checkout) == ["venv --quiet", "pip install"] * 2
    assert (checkout / ".venv" / "bin" / "python").exists()


def test_a_failed_installation_is_tried_again(checkout: Path, path: str, tmp_path: Path):
    program(tmp_path / "bin" / "uv", UV + '[ "$1" != pip ]\n')
    assert run(checkout, "venv", "demo", path=path).returncode != 0
    program(tmp_path / "bin" / "uv", UV)
    assert run(checkout, "venv", "demo", path=path).returncode == 0
    assert (checkout / ".venv" / ".installed-demo.txt").read_text() == "demo as first pinned\n"
