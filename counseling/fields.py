"""A text column that is encrypted in the database and plain on the instance."""

from __future__ import annotations

from typing import Any

from django.db import models

from counseling.encryption import PREFIX, decrypt, encrypt


class _Sealed(str):
    """A value as read from the database, not opened yet."""

    __slots__ = ()


class _OpenOnAccess:
    """Decrypt at first access: the row's key, part of the binding, is known only on the instance."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        values = instance.__dict__
        if self.field.attname not in values:
            instance.refresh_from_db(fields=[self.field.attname])
        value = values[self.field.attname]
        if isinstance(value, _Sealed):
            value = values[self.field.attname] = decrypt(value, place=self.field.place_of(instance))
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text stored as AES-256-GCM, bound to model, primary key and field name; the empty string is stored as it is.

    The primary key must be set before saving (ours are made by the application). Filtering on it is refused: keep a
    `blind_index` column beside it for exact look-ups.
    """

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _OpenOnAccess(self))

    def place_of(self, instance: models.Model) -> str:
        return f"{instance._meta.label_lower}.{instance.pk}.{self.attname}"

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return _Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__[self.attname]
        if not value or isinstance(value, _Sealed):
            return None if value is None else str(value)
        return encrypt(value, place=self.place_of(model_instance))

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The last gate before the database: `QuerySet.update` and `bulk_update` skip `pre_save`, and are refused."""
        if isinstance(value, str) and value and not value.startswith(PREFIX):
            raise TypeError(f"{self.name} is encrypted: set it on the instance and save that")
        return super().get_db_prep_save(value, connection)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name in {"exact", "isnull"}:
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is encrypted: it cannot be searched with {lookup_name!r}")
