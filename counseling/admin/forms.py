"""The base of the staff's forms, and the inputs browsers know how to help with."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from counseling.models import StaffMember


class StaffForm(forms.Form):
    """A form of one staff member: its choices hold only what they can reach, whatever is posted."""

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.staff = staff


def focus_on(form: forms.Form, name: str) -> None:
    """Begin with that field when the page opens; a name that is no field's changes nothing."""
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A date and hour on the clinic's wall."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _zones_by_region() -> list[Any]:
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region not in {"Etc", "SystemV", "posix", "right"}:
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("", _("Not known yet")), ("UTC", "UTC"), *regions.items()]


class ZoneField(forms.ChoiceField):
    """A time zone by its region; empty while nobody knows it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_zones_by_region, required=False, **kwargs)
