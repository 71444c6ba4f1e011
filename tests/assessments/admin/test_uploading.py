from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.admin import uploading
from assessments.drafting import laid_out
from assessments.fhir.writing import write_questionnaire
from assessments.models import Instrument, InstrumentVersion
from tests.assessments.admin.people import of_instrument, of_version
from tests.assessments.factories import small

pytestmark = pytest.mark.django_db


def upload(author, content: Any, *others: Any, name="form.json"):
    files = {"file": SimpleUploadedFile(name, _bytes(content))}
    if others:
        files["terminology"] = [SimpleUploadedFile("values.json", _bytes(each)) for each in others]
    return author.post(of_instrument("upload"), files)


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def fhir(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Questionnaire",
        "status": "active",
        "title": "Sleep",
        "language": "en",
        "item": [{"linkId": "1", "text": "How did you sleep?", "type": "string"}],
        **changes,
    }


CODED = {"linkId": "2", "text": "How often?", "type": "choice", "answerValueSet": "http://a.example/vs"}
VALUES = {
    "resourceType": "ValueSet",
    "url": "http://a.example/vs",
    "status": "active",
    "compose": {"include": [{"system": "http://a.example/cs", "concept": [{"code": "x", "display": "Often"}]}]},
}


def keep(author, page, **changes):
    posted = {"definition": page.context["text"], "noted": page.context["noted"], **changes}
    return author.post(of_instrument("upload"), posted)


def test_a_file_is_read_and_reported_before_anything_is_kept(author, db):
    page = upload(author, fhir())
    assert (page.context["report"].problems, page.context["report"].definition.slug) == ((), "sleep")
    assert ["form.json was read" in page.text, "How did you sleep?" in page.text] == [True, True]
    assert Instrument.objects.count() == 0


def test_what_was_reported_is_kept_as_a_draft_with_what_was_left_out(author, db):
    page = upload(author, fhir(text={"status": "generated", "div": "<div>x</div>"}))
    (note,) = [note for note in page.context["report"].notes if note.path == "Questionnaire.text"]
    answer = keep(author, page)
    version = InstrumentVersion.objects.get()
    assert (answer.url, version.status, version.definition) == (
        of_version(version),
        "draft",
        page.context["report"].definition,
    )
    entry = LogEntry.objects.get()
    assert ["Uploaded.\nform.json\n" in entry.change_message, str(note) in entry.change_message] == [True, True]


def test_a_file_that_cannot_be_asked_faithfully_says_where_and_why(author, db):
    page = upload(author, fhir(item=[{"linkId": "1", "text": "Show it", "type": "attachment", "required": True}]))
    assert ["form.json cannot be used" in page.text, "Questionnaire.item[0]" in page.text] == [True, True]
    assert "Keep it as a draft" not in page.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"<xml/>",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"resourceType": "Patient"}',
        b"{}",
        b'{"slug": 1}',
    ],
)
def test_anything_else_is_refused_with_a_reason(author, db, content):
    page = upload(author, content)
    report = page.context.get("report")
    assert (page.status_code, bool(report.problems if report else page.context["form"].errors)) == (200, True)
    assert Instrument.objects.count() == 0


def test_our_own_format_is_read_too(author, db):
    page = upload(author, laid_out(small()).encode())
    assert page.context["report"].definition == small()
    keep(author, page)
    assert InstrumentVersion.objects.get().definition == small()


def test_an_export_of_ours_reads_back_as_the_same(author, version):
    page = upload(author, write_questionnaire(version.definition, release="R5"))
    assert (page.context["report"].definition, page.context["differences"]) == (version.definition, ())


def test_a_new_version_of_what_is_there_shows_what_it_changes(author, version):
    page = upload(author, laid_out(small(period={"en": "Yesterday."})).encode())
    assert [str(each) for each in page.context["differences"]] == [
        "Questionnaire: period asked about (en): Today. → Yesterday."
    ]
    keep(author, page)
    assert list(version.instrument.versions.values_list("number", "status")) == [(2, "draft"), (1, "published")]


def test_what_is_there_already_is_not_added_again(author, version):
    page = upload(author, laid_out(small()).encode())
    answer = keep(author, page)
    assert (answer.url, InstrumentVersion.objects.count(), LogEntry.objects.count()) == (of_version(version), 1, 0)
    assert "Exactly this is there already" in author.get(answer.url).text


def test_value_sets_can_be_brought_along(author, db):
    assert "answerValueSet" in upload(author, fhir(item=[CODED])).text
    page = upload(author, fhir(item=[CODED]), VALUES)
    assert (page.context["report"].problems, "Often" in page.text) == ((), True)


def test_a_value_set_that_is_none_refuses_the_file(author, db):
    page = upload(author, fhir(item=[CODED]), {"resourceType": "Patient"})
    assert bool(page.context["report"].problems) is True


def test_a_key_that_does_not_fit_is_told_and_not_used(author, db):
    code = {"system": "http://loinc.org", "code": "44249-1"}
    page = upload(author, fhir(code=[code]))
    report = page.context["report"]
    assert (report.match.key.slug, report.match.usable, report.definition.scoring_key) == ("phq-9", False, None)
    assert "does not fit and is not used" in page.text


def test_a_key_that_only_the_title_speaks_for_is_suggested(author, db):
    page = upload(author, fhir(title="PHQ-9"))
    assert ["phq-9" in [key.slug for key in page.context["report"].suggested]] == [True]
    assert "By its title it may be one of these" in page.text


def test_a_file_that_is_too_large_is_not_read(author, db, monkeypatch):
    monkeypatch.setattr(uploading, "MOST_BYTES", 100)
    page = upload(author, fhir())
    assert page.context["form"].errors["file"] == ["The file is larger than 100\xa0bytes."]
    page = upload(author, b"{}", VALUES)
    assert page.context["form"].errors["terminology"] == ["The file is larger than 100\xa0bytes."]


def test_without_a_file_it_asks_for_one(author, db):
    page = author.post(of_instrument("upload"))
    assert list(page.context["form"].errors) == ["file"]


def test_a_definition_that_was_tampered_with_on_its_way_is_checked_again(author, db):
    page = upload(author, fhir())
    answer = keep(author, page, definition=page.context["text"].replace('"slug"', '"slog"'))
    assert (answer.status_code, "Upload the file again" in answer.text) == (400, True)
    assert Instrument.objects.count() == 0


def test_words_of_a_file_cannot_become_markup(author, db):
    page = upload(
        author, fhir(title="<script>alert(1)</script>", item=[{"linkId": "<b>", "type": "string", "text": "<i>"}])
    )
    assert ["<script>alert" in page.text, "<i>" in page.text, "<b>" in page.text] == [False, False, False]
