from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments.models import InstrumentVersion
from tests.assessments.fhir.forms import choice, form, item

pytestmark = pytest.mark.django_db

VALUES = {"resourceType": "ValueSet", "url": "urn:v", "expansion": {"contains": [{"code": "x", "display": "X"}]}}


@pytest.fixture
def saved(tmp_path):
    """Write JSON data or bytes into files, and give their names."""

    def save(**contents) -> list[str]:
        names = []
        for name, content in contents.items():
            file = tmp_path / f"{name}.json"
            file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
            names.append(str(file))
        return names

    return save


def run(*files: str, **options) -> str:
    out = StringIO()
    call_command("import_questionnaire", *files, stdout=out, **options)
    return out.getvalue()


def rows(*files: str, **options) -> list[dict]:
    return json.loads(run(*files, format="json", **options))


def test_each_file_has_a_row_and_a_refused_one_stops_no_other(saved):
    files = saved(bad=form(item("a", "time")), worse=b"<xml/>", good=form(choice("a"), item("b")))
    bad, worse, good = rows(*files, files[0].replace("bad", "absent"))[:3]
    assert (bad["file"], bad["status"], bad["items"], bad["key"]) == (files[0], "refused", None, None)
    assert bad["reason"].startswith("Questionnaire.item[0].type: asks for a time of day")
    assert worse["reason"] == "file: is XML; export it as JSON"
    assert good["reason"] is None
    assert (good["status"], good["questionnaire"], good["version"], good["is_new"]) == ("read", "weekly-mood", 1, True)
    assert (good["items"], good["scales"], good["key"]) == (2, 1, None)
    assert good["notes"][-1].startswith("Questionnaire: says no more of its scoring")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    [row] = rows(str(tmp_path / "absent.json"))
    assert (row["status"], row["reason"]) == ("refused", "file: cannot be opened: No such file or directory")


def test_a_dry_run_keeps_nothing(saved):
    [row] = rows(*saved(good=form(choice("a"))), dry_run=True)
    assert (row["status"], row["items"], row["version"], row["is_new"]) == ("read", 1, None, None)
    assert InstrumentVersion.objects.count() == 0


def test_repeating_it_adds_nothing(saved):
    files = saved(good=form(choice("a")))
    assert [row["is_new"] for row in rows(*files, *files)] == [True, False]


def test_language_slug_and_terminology_are_given_from_outside(saved):
    questionnaire = form(item("a", "choice", answerValueSet="urn:v"))
    del questionnaire["language"]
    good, values = saved(good=questionnaire, values=VALUES)
    [row] = rows(good, terminology=[values], language="de", slug="stimmung")
    assert (row["status"], row["questionnaire"]) == ("read", "stimmung")
    assert InstrumentVersion.objects.get().definition.languages == ("de",)


def test_the_table_tells_what_became_of_each_file(saved):
    good, bad = saved(good=form(item("a")), bad=form(item("b", "url")))
    heading, first, *below = run(good, bad).splitlines()
    assert heading.split() == ["file", "status", "questionnaire", "version", "items", "scales", "key"]
    assert first.split() == [good, "read", "weekly-mood", "1", "1", "0", "–"]
    assert below[0] == "    Questionnaire: has no scores; it is asked, but not scored"
    assert below[1].split()[:3] == [bad, "refused", "–"]
    assert below[2].startswith("    Questionnaire.item[0].type: asks for a web address")


def test_strict_ends_with_an_error_once_all_are_read(saved):
    files = saved(bad=form(item("b", "url")), good=form(item("a")))
    with pytest.raises(CommandError, match="1 of 2 files refused"):
        run(*files, strict=True)
    assert InstrumentVersion.objects.count() == 1
    run(files[1], strict=True)


@pytest.mark.parametrize(("content", "reason"), [(b"{", "is not valid JSON"), (form(), "holds no ValueSet")])
def test_terminology_that_is_none_stops_everything(saved, content, reason):
    good, values = saved(good=form(item("a")), values=content)
    with pytest.raises(CommandError, match=reason):
        run(good, terminology=[values])


def test_one_slug_is_for_one_file(saved):
    with pytest.raises(CommandError, match="give one file"):
        run(*saved(a=form(item("a")), b=form(item("b"))), slug="one")
