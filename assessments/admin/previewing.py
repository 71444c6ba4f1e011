"""The questionnaire as the client sees it, in a frame of its own: their style sheet, and no script at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from assessments.admin.base import Screen, find_version, page_of
from assessments.conf import conf
from assessments.definition import Definition
from assessments.drafting import check_text
from assessments.enums import OtherRole
from assessments.forms import preview_forms

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For the frame alone: shown inside our own pages, where other pages may not be framed."""


class ViewForm(forms.Form):
    """How the questionnaire is looked at."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    role = forms.ChoiceField(label=_("Asked about"), choices=OtherRole, required=False)
    shown = forms.ChoiceField(
        label=_("Show"), choices=[("all", _("Every question")), ("first", _("What is asked at first"))], required=False
    )
    scheme = forms.ChoiceField(label=_("Colors"), choices=[("light", _("Light")), ("dark", _("Dark"))], required=False)

    def __init__(self, data: Any, *, definition: Definition) -> None:
        super().__init__(data or None, label_suffix="", auto_id="view_%s")
        self.fields["language"].choices = [(each, each) for each in definition.languages]  # type: ignore[attr-defined]
        self.initial = {"language": definition.language_for(get_language() or "en"), "role": OtherRole.PARTNER}

    def chosen(self) -> dict[str, str]:
        """What was chosen, or what stands there at first where nothing usable was."""
        self.is_valid()
        given = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
        return {"shown": "all", "scheme": "light", **self.initial, **given}


def preview(screen: Screen, request: HttpRequest, object_id: object) -> HttpResponse:
    version = find_version(object_id)
    form = ViewForm(request.GET, definition=version.definition)
    chosen = form.chosen()
    frame = f"{page_of(version, 'form')}?{urlencode(chosen)}"
    return screen.show(
        request, "preview.html", title=str(version), version=version, form=form, chosen=chosen, frame=frame
    )


@xframe_options_sameorigin
def show_form_of(request: HttpRequest, object_id: object) -> HttpResponse:
    return _client_page(request, find_version(object_id).definition, request.GET)


@require_POST
@xframe_options_sameorigin
def show_form(request: HttpRequest) -> HttpResponse:
    """The same for a text that is still being written."""
    checked = check_text(request.POST.get("definition", "").replace("\r\n", "\n"))
    if checked.definition is None:
        return _framed(render(request, "admin/assessments/client_page.html", {"faults": len(checked.faults)}))
    return _client_page(request, checked.definition, request.POST)


def _client_page(request: HttpRequest, definition: Definition, data: Any) -> HttpResponse:
    chosen = ViewForm(data, definition=definition).chosen()
    pages = preview_forms(
        definition,
        chosen["language"],
        role=chosen["role"],
        answers={} if chosen["shown"] == "first" else None,
        heading_level=3,
    )
    context = {"pages": list(pages), "language": chosen["language"], "style": conf().form_style}
    with override(chosen["language"]):
        return _framed(render(request, "admin/assessments/client_page.html", context))


def _framed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = POLICY
    return response
