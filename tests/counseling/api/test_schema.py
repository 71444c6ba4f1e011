from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

pytestmark = pytest.mark.django_db


def test_the_document_is_valid_and_nothing_in_it_is_a_guess(tmp_path):
    warnings = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"), stderr=warnings)
    text = (tmp_path / "openapi.yaml").read_text()
    assert (warnings.getvalue(), text.startswith("openapi: 3.")) == ("", True)


def test_it_says_how_to_sign_in_and_how_each_operation_fails(api):
    document = api.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    assert set(document["components"]["securitySchemes"]) == {"tokenAuth", "cookieAuth"}
    hold = document["paths"]["/api/v1/cases/{id}/hold/"]["post"]
    assert (hold["operationId"], sorted(hold["responses"])) == (
        "cases_hold",
        ["200", "400", "401", "403", "404", "409", "429"],
    )


def test_no_field_of_the_document_is_a_secret(api):
    text = api.get("/api/v1/schema/").content.decode()
    assert not re.search(r"token_|digest|email_index|password", text)


def test_the_page_to_read_it_has_nothing_inline(api):
    source = Path(get_template("counseling/api/docs.html").origin.name).read_text()
    assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|style=", source)
    page = api.get("/api/v1/docs/").content.decode()
    scripts = re.findall(r'<script src="([^"]+)"', page)
    assert scripts[-1].startswith("/api/v1/docs/")
    assert "/api/v1/schema/" in api.get(scripts[-1]).content.decode()


def test_the_page_brings_a_strict_policy_of_its_own(api):
    policy = api.get("/api/v1/docs/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
