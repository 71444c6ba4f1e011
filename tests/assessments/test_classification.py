from __future__ import annotations

from django.apps import apps

from assessments.classification import CLASSIFICATION


def test_every_stored_field_is_classified():
    models = apps.get_app_config("assessments").get_models()
    stored = {model.__name__: {field.name for field in model._meta.concrete_fields} for model in models}
    assert {name: set(fields) for name, fields in CLASSIFICATION.items()} == stored
