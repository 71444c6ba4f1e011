"""A file, FHIR or our own JSON: first the report of what was read, then, when it is wanted, a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.actions.importing import Recognised, import_questionnaire, recognise
from assessments.admin.base import Screen, by_scale, page_of, redirect
from assessments.admin.comparing import difference_context
from assessments.definition import Definition
from assessments.differences import differences
from assessments.drafting import check_text, laid_out
from assessments.exceptions import Problem, UnreadableQuestionnaire
from assessments.fhir.files import MOST_BYTES, parse_json
from assessments.fhir.reading import read_questionnaire
from assessments.models import InstrumentVersion
from assessments.preview import preview_of
from assessments.scoring_keys import KeyMatch, ScoringKey, suggested_keys, unknowns

LONGEST_NOTE = 2000
OF_KEY = "scoring key"
"""The path of notes about the key, which the page tells by itself."""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, none of them too large."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [super(FilesField, self).clean(each, initial) for each in data or [] if each]
        return [_not_too_large(file) for file in files]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Questionnaire"),
        help_text=gettext_lazy("A FHIR Questionnaire or a Bundle with one (R4, R4B or R5), or our own format. JSON."),
    )
    terminology = FilesField(
        label=gettext_lazy("Value sets it names"),
        help_text=gettext_lazy("Only where the file does not hold them itself: nothing it names is fetched."),
        required=False,
        widget=SeveralFiles,
    )

    def clean_file(self) -> UploadedFile[Any]:
        return _not_too_large(self.cleaned_data["file"])


def _not_too_large(file: UploadedFile[Any]) -> UploadedFile[Any]:
    if (file.size or 0) > MOST_BYTES:
        most = filesizeformat(MOST_BYTES)
        raise forms.ValidationError(_("The file is larger than %(most)s."), "too_large", {"most": most})
    return file


@dataclass(frozen=True)
class FileReport:
    """What became of a file. ``problems`` say why it was refused; without any there is a definition."""

    name: str
    definition: Definition | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    match: KeyMatch | None = None

    @property
    def suggested(self) -> tuple[ScoringKey, ...]:
        """Keys that only the title speaks for."""
        wanted = self.definition and not self.match and not self.definition.scoring_key
        return suggested_keys(self.definition) if self.definition and wanted else ()


def upload(screen: Screen, request: HttpRequest) -> HttpResponse:
    """On POST with a file its report; on POST with the ``definition`` of a report, the draft."""
    if "definition" in request.POST:
        return _keep(screen, request)
    if request.method != "POST":
        return _show(screen, request, form=UploadForm(label_suffix=""))
    form = UploadForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return _show(screen, request, form=form)
    file, terminology = form.cleaned_data["file"], form.cleaned_data["terminology"]
    report = read_file(file.name, file.read(), (each.read() for each in terminology))
    return _show(screen, request, form=form, report=report, **_against_current(report))


def read_file(name: str, content: bytes, terminology: Iterable[bytes] = ()) -> FileReport:
    """Read FHIR where the file says that it is FHIR, else our own format; a matching key is applied."""
    try:
        data = parse_json(content)
        if "resourceType" not in data:
            return _read_own(name, content)
        recognised = recognise(read_questionnaire(data, terminology=map(parse_json, terminology)))
    except UnreadableQuestionnaire as error:
        return FileReport(name, problems=error.problems)
    notes = tuple(note for note in recognised.notes if note.path != OF_KEY)
    return FileReport(name, recognised.definition, (), notes, recognised.match)


def _read_own(name: str, content: bytes) -> FileReport:
    checked = check_text(content.decode("utf-8-sig"))
    return FileReport(name, checked.definition, tuple(Problem(*fault[:2]) for fault in checked.faults))


def _keep(screen: Screen, request: HttpRequest) -> HttpResponse:
    """The report's definition as a draft. It is checked again, as anything that was posted."""
    checked = check_text(request.POST["definition"])
    if checked.definition is None:
        messages.error(request, _("That could not be read. Upload the file again."))
        return _show(screen, request, form=UploadForm(label_suffix=""), status=400)
    with transaction.atomic():
        version, is_new = import_questionnaire(Recognised(checked.definition, None, ()))
        if is_new:
            screen.note(request, version, "uploaded", request.POST.get("noted", "")[:LONGEST_NOTE])
    said = _("It is kept as a draft.") if is_new else _("Exactly this is there already; nothing was added.")
    return redirect(request, page_of(version), said)


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
    return {
        "text": laid_out(definition),
        "unknowns": by_scale(unknowns(definition)),
        "preview": preview_of(definition, get_language() or "en"),
        "questions": sum(1 for _question in definition.questions()),
        "noted": "\n".join([report.name, *(_("Left out: %(what)s") % {"what": note} for note in report.notes)]),
    }
