from __future__ import annotations

import pytest

from assessments.actions.versions import draft_version
from assessments.drafting import laid_out
from assessments.models import Response
from tests.assessments.admin.people import of_instrument, of_version
from tests.assessments.differences.rich import load, rich_data
from tests.assessments.factories import small

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(db):
    return draft_version(load(rich_data()))


def test_the_frame_shows_the_form_in_words_about_whom_it_is_asked(reader, version):
    page = reader.get(of_version(version, "form"), {"role": "mother"}).text
    assert ["My mother and I" in page, "Did your mother?" in page, "With my mother" in page] == [True, True, True]


def test_what_is_asked_at_first_leaves_out_what_depends_on_answers(reader, version):
    page = reader.get(of_version(version, "form"), {"shown": "first"}).text
    assert ["Did your partner?" in page, "With my partner" in page] == [True, False]


def test_the_frame_speaks_any_of_the_languages(reader, rich):
    page = reader.get(of_version(rich, "form"), {"language": "es"}).text
    assert ['<html lang="es">' in page, "A (es)" in page, "Parte 1 de 2" in page] == [True, True, True]


@pytest.mark.parametrize("asked", [{"language": "xx"}, {"role": "dragon"}, {"shown": "?"}, {"scheme": "?"}])
def test_what_cannot_be_chosen_is_as_if_nothing_was(reader, version, asked):
    plain = reader.get(of_version(version, "form")).text
    assert reader.get(of_version(version, "form"), asked).text == plain
    assert reader.get(of_version(version, "preview"), asked).status_code == 200


def test_the_frame_may_be_framed_by_our_own_pages_and_run_nothing(reader, version):
    headers = reader.get(of_version(version, "form")).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
    assert reader.get(of_version(version, "preview")).headers["X-Frame-Options"] == "DENY"


def test_the_frame_wears_the_client_s_style_sheet(reader, version, settings):
    assert "counseling/web" not in reader.get(of_version(version, "form")).text
    settings.ASSESSMENTS = {"FORM_STYLE": "counseling/web/client.css"}
    assert "counseling/web/client.css" in reader.get(of_version(version, "form")).text


def test_the_page_around_it_passes_on_what_was_chosen(reader, rich):
    page = reader.get(of_version(rich, "preview"), {"language": "es", "role": "son", "scheme": "dark"})
    assert page.context["frame"].split("?")[1] == "shown=all&scheme=dark&language=es&role=son"
    assert 'class="client tall dark"' in page.text


def test_a_text_that_is_being_written_is_shown_without_being_kept(author, db):
    text = laid_out(small(title={"en": "Not kept"})).replace("{Other} and I", "{Other} and me")
    answer = author.post(of_instrument("form"), {"definition": text.replace("\n", "\r\n"), "role": "son"})
    assert ["My son and me" in answer.text, answer.headers["X-Frame-Options"]] == [True, "SAMEORIGIN"]


def test_a_text_with_faults_is_not_shown(author, db):
    answer = author.post(of_instrument("form"), {"definition": "{}"})
    assert "There are 4 things to correct before it can be shown." in answer.text


def test_looking_at_it_starts_no_response(reader, version):
    reader.get(of_version(version, "form"))
    assert Response.objects.count() == 0
