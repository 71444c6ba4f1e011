"""A file, FHIR or our own JSON: first the report of what was read, then, when it is wanted, a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.actions.versions import draft_version
from assessments.admin.base import Screen, by_scale, page_of, redirect
from assessments.admin.comparing import difference_context
from assessments.definition import Definition
from assessments.differences import differences
from assessments.drafting import check_text, laid_out
from assessments.exceptions import Problem, UnreadableQuestionnaire
from assessments.fhir.files import parse_json
from assessments.fhir.reading import read_questionnaire
from assessments.models import InstrumentVersion
from assessments.preview import preview_of
from assessments.scoring_keys import KeyMatch, ScoringKey, apply_key, match_key, suggested_keys, unknowns

LARGEST_FILE = 5_000_000
LARGEST_FILE_IN_WORDS = "5 MB"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A FHIR Questionnaire or a Bundle with one (R4, R4B or R5), or our own format. JSON."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than %(most)s.") % {"most": LARGEST_FILE_IN_WORDS}, "too_large"
            )
        return file


@dataclass(frozen=True)
class FileReport:
    """What became of a file. ``problems`` say why it was refused; without any there is a definition."""

    name: str
    standard: str
    definition: Definition | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    match: KeyMatch | None = None
    suggested: tuple[ScoringKey, ...] = ()


def upload(screen: Screen, request: HttpRequest) -> HttpResponse:
    """On POST with a file its report; on POST with the ``definition`` of a report, the draft."""
    if "definition" in request.POST:
        return _keep(screen, request)
    form = UploadForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return _show(screen, request, form=form)
    file = form.cleaned_data["file"]
    report = read_file(file.name, file.read())
    return _show(screen, request, form=form, report=report, **_against_current(report))


def read_file(name: str, content: bytes) -> FileReport:
    """Read FHIR where the file says that it is FHIR, else our own format; a matching key is applied."""
    try:
        data = parse_json(content)
        if "resourceType" not in data:
            return _read_own(name, content)
        reading = read_questionnaire(data)
    except UnreadableQuestionnaire as error:
        return FileReport(name, "FHIR", problems=error.problems)
    match = match_key(reading.definition)
    definition = apply_key(reading.definition, match) if match and match.usable else reading.definition
    suggested = () if match else suggested_keys(definition)
    return FileReport(name, "FHIR", definition, (), reading.notes, match, suggested)


def _read_own(name: str, content: bytes) -> FileReport:
    checked = check_text(content.decode("utf-8-sig"))
    problems = tuple(Problem(fault.path, fault.message) for fault in checked.faults)
    return FileReport(name, "JSON", checked.definition, problems)


def _keep(screen: Screen, request: HttpRequest) -> HttpResponse:
    """The report's definition as a draft. It is checked again, as anything that was posted."""
    checked = check_text(request.POST["definition"])
    if checked.definition is None:
        messages.error(request, _("That could not be read. Upload the file again."))
        return _show(screen, request, form=UploadForm(label_suffix=""), status=400)
    with transaction.atomic():
        version = draft_version(checked.definition)
        screen.note(request, version, request.POST.get("noted", "")[:2000] or _("Uploaded."))
    return redirect(request, page_of(version), _("It is kept as a draft."))


def _against_current(report: FileReport) -> dict[str, Any]:
    """What it would change, where a questionnaire of that name is published."""
    if report.definition is None:
        return {}
    current = InstrumentVersion.objects.published().of(report.definition.slug).select_related("instrument").first()
    if current is None:
        return {}
    return {"current": current, **difference_context(differences(current.definition, report.definition))}


def _show(screen: Screen, request: HttpRequest, *, form: UploadForm, status: int = 200, **context: Any) -> HttpResponse:
    report = context.get("report")
    if report and report.definition:
        context |= _read(report, report.definition)
    return screen.show(request, "upload.html", title=_("Upload a questionnaire"), form=form, status=status, **context)


def _read(report: FileReport, definition: Definition) -> dict[str, Any]:
    left_out = [_("Left out: %(what)s") % {"what": note} for note in report.notes]
    return {
        "text": laid_out(definition),
        "unknowns": by_scale(unknowns(definition)),
        "preview": preview_of(definition, get_language() or "en"),
        "questions": sum(1 for _question in definition.questions()),
        "noted": "\n".join([_("Uploaded from %(name)s.") % {"name": report.name}, *left_out]),
    }
