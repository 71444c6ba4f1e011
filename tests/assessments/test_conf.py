"""What a host project can set, and what catches a mistake in it."""

from __future__ import annotations

from pathlib import Path

from assessments.checks import check_settings
from assessments.conf import conf


def found(settings, **values) -> list[tuple[str | None, str]]:
    settings.ASSESSMENTS = values
    return [(message.id, message.msg) for message in check_settings()]


def test_nothing_needs_to_be_set(settings):
    del settings.ASSESSMENTS
    assert (conf().catalog_dirs, check_settings()) == ((), [])


def test_folders_are_read_as_paths(settings, tmp_path):
    settings.ASSESSMENTS = {"CATALOG_DIRS": [str(tmp_path)]}
    assert conf().catalog_dirs == (Path(tmp_path),)
    assert check_settings() == []


def test_another_setting_changes_nothing(settings):
    before = conf()
    settings.LANGUAGE_CODE = "es"
    assert conf() is before


def test_an_unknown_key_is_a_warning(settings):
    assert found(settings, CATALOG_DIR=[]) == [
        ("assessments.W001", "ASSESSMENTS['CATALOG_DIR'] is not a setting of this app and has no effect.")
    ]


def test_a_folder_that_is_not_there_is_an_error(settings, tmp_path):
    gone = tmp_path / "gone"
    assert found(settings, CATALOG_DIRS=[gone]) == [
        ("assessments.E001", f"ASSESSMENTS['CATALOG_DIRS'] names {gone}, which is not a folder.")
    ]


def test_a_permission_that_cannot_be_asked_is_an_error(settings):
    for path in ("nowhere.at_all", "assessments.conf.SETTING", "name"):
        assert found(settings, MAY_AUTHOR=path) == [
            ("assessments.E002", f"ASSESSMENTS['MAY_AUTHOR'] names {path}, which is no function.")
        ]
    assert found(settings, MAY_AUTHOR="assessments.permissions.holds_model_permissions") == []
