"""Whatever is sent to any operation of the OpenAPI document, the answer is one that the document knows."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counseling.api import throttling
from tests.counseling.api.work import Work

pytestmark = pytest.mark.django_db
DOCUMENT = SchemaGenerator().get_schema(public=True)
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "12"))  # a night is better spent with thousands

HARD_WORDS = st.sampled_from(
    ["", " ", "null", "\x00", "\ud800", "é" * 300, "'; --", "9" * 400, "-1", "1e999", "2026-13-01", "0001-01-01T00:00Z"]
)
HARD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | HARD_WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
DATES = st.dates() | st.sampled_from([date.min, date.max])
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.sampled_from(
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00", "2026-03-29T02:30:00"]
)


def rarely(strategy: st.SearchStrategy[Any], *, else_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 7).flatmap(lambda dice: strategy if dice == 7 else else_)


class Values:
    """Strategies for what an operation may be sent, with keys of rows that are there."""

    def __init__(self, rows: dict[str, str]) -> None:
        self.rows = rows

    def of(self, schema: dict[str, Any], name: str = "") -> st.SearchStrategy[Any]:
        """Mostly what the schema allows, sometimes something else."""
        return rarely(HARD_VALUES, else_=self.allowed_by(schema, name))

    def allowed_by(self, schema: dict[str, Any], name: str) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            return self.allowed_by(DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], name)
        if "oneOf" in schema or "allOf" in schema:
            return st.one_of([self.allowed_by(part, name) for part in schema.get("oneOf") or schema["allOf"]])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        return getattr(self, f"of_{schema['type']}")(schema, name)

    def of_object(self, schema: dict[str, Any], _name: str) -> st.SearchStrategy[dict[str, Any]]:
        fields = {name: self.of(part, name) for name, part in schema.get("properties", {}).items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=fields)

    def of_array(self, schema: dict[str, Any], name: str) -> st.SearchStrategy[list[Any]]:
        return st.lists(self.of(schema["items"], name), max_size=12)

    def of_string(self, schema: dict[str, Any], name: str) -> st.SearchStrategy[str]:
        formats = {
            "uuid": self.key(name),
            "date": DATES.map(str),
            "date-time": MOMENTS,
            "email": st.emails(),
        }
        return formats.get(schema.get("format", ""), st.text(max_size=schema.get("maxLength", 50)))

    def of_integer(self, _schema: dict[str, Any], _name: str) -> st.SearchStrategy[int]:
        return st.integers()

    def of_boolean(self, _schema: dict[str, Any], _name: str) -> st.SearchStrategy[bool]:
        return st.booleans()

    def key(self, name: str) -> st.SearchStrategy[str]:
        """The key that fits the name, else any other, known or not."""
        others = st.sampled_from(sorted(self.rows.values())) | st.uuids().map(str)
        return rarely(others, else_=st.just(self.rows[name])) if name in self.rows else others


@pytest.fixture
def unhurried(monkeypatch):
    monkeypatch.setattr(throttling, "RATES", {"counseling_read": None, "counseling_write": None})


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_nothing_that_is_sent_ends_in_a_server_error(path, method, operation, api, work, unhurried):
    values = Values(keys_of(work))
    wanted = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    asked = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    kind = path.split("/")[3].removesuffix("s").replace("-", "_")

    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(st.data())
    def send(data: st.DataObject) -> None:
        slug = data.draw(st.sampled_from(("two-way-check-in", "nothing")))
        address = path.replace("{id}", data.draw(values.key(kind))).replace("{slug}", slug)
        if method == "get":
            query = data.draw(values.of_object({"properties": asked}, ""))
            answer = api.get(address, {name: str(value).encode(errors="replace") for name, value in query.items()})
        else:
            body = json.dumps(data.draw(values.of(wanted)) if wanted else None)
            answer = getattr(api, method)(address, body, content_type="application/json")
        assert str(answer.status_code) in operation["responses"], answer.content
        assert answer.headers["Content-Type"] == "application/json"

    send()


def keys_of(work: Work) -> dict[str, str]:
    """By the names that fields have for them."""
    keys = {name: str(row.pk) for name, row in vars(work).items()}
    first, second = (str(member.pk) for member in work.case.members)
    relationship = str(work.case.relationship_id)
    return {**keys, "first": first, "second": second, "relationship": relationship, "lead": keys["counselor"]}
