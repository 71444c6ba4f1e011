"""A follow-up's ledger in plain sentences: what happened to each email, who acted, and what a mail server's code means.

Pure but for the language. Reply codes are RFC 5321's, enhanced status codes RFC 3463's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counseling.enums import DeliveryEventKind, DeliveryKind, FollowUpStatus, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the ledger with what it takes to tell it.

    ``email`` is what `email_name` calls the email it is about, empty where it is about the form itself. ``by`` is who
    did it by hand. ``ends`` is the state the form was brought to by it, if it was.
    """

    kind: str
    detail: str = ""
    email: str = ""
    by: str = ""
    ends: str = ""


def email_name(kind: str, number: int) -> str:
    """The email as a sentence calls it: "the invitation", "reminder 2"."""
    return _("the invitation") if kind == DeliveryKind.INVITATION else _("reminder %(number)d") % {"number": number}


def sentence(entry: Entry) -> str:
    """The entry as one or two sentences. A kind that has no words here is told by its name and reason."""
    plainly = _tell_plainly if entry.kind in _PLAIN else _tell_by_name
    return capfirst(_TELLING.get(entry.kind, plainly)(entry))


def because(detail: str) -> str:
    """A `Reason` or a mail server's code as a clause, without capital and full stop; empty for nothing."""
    if detail in _BECAUSE:
        return str(_BECAUSE[detail])
    if detail in Reason.values:
        label = str(Reason(detail).label)
        return label[:1].lower() + label[1:]
    return reply_meaning(detail)


_REPLY = re.compile(r"(?P<basic>[45]\d\d)?\s*(?P<enhanced>[45]\.\d{1,3}\.\d{1,3})?\Z")


def reply_meaning(code: str) -> str:
    """What a mail server's refusal says, with the code itself: "550: the mailbox does not exist …".

    An enhanced code (5.1.1) says more than the basic one it comes with; what is no refusal comes back as it is.
    """
    found = _REPLY.match(code)
    if not code or found is None:
        return code
    basic, enhanced = found["basic"], found["enhanced"]
    subject = enhanced.split(".")[1] if enhanced else ""
    meaning = _ENHANCED.get(subject) or _BASIC.get(basic or "") or _CLASS[(basic or enhanced)[0]]
    return f"{code}: {meaning}"


# --- One sentence for each kind of event ---------------------------------------------------------


def _tell_by_name(entry: Entry) -> str:
    name = str(DeliveryEventKind(entry.kind).label) if entry.kind in DeliveryEventKind.values else entry.kind
    reason = because(entry.detail)
    return f"{name}: {reason}." if reason else f"{name}."


def _tell_plainly(entry: Entry) -> str:
    words = _PLAIN_OF_FORM.get(entry.kind) if not entry.email else None
    return str(words or _PLAIN[entry.kind]) % {"Email": capfirst(_email(entry))}


def _email(entry: Entry) -> str:
    return entry.email or _("the email")


def _tell_planned(entry: Entry) -> str:
    if entry.by:
        return _("Planned: %(by)s started the plan.") % {"by": entry.by}
    if entry.detail:
        return _("Planned again: %(because)s.") % {"because": because(entry.detail)}
    return _("Planned.")


def _tell_moved(entry: Entry) -> str:
    return _("Moved to another time: %(because)s.") % {"because": because(entry.detail) or _("the plan had changed")}


def _tell_accepted(entry: Entry) -> str:
    if entry.detail == Reason.LINK_USED:
        return _("%(email)s did arrive: the client used its link.") % {"email": capfirst(_email(entry))}
    return _("The mail server accepted %(email)s.") % {"email": _email(entry)}


def _tell_deferred(entry: Entry) -> str:
    reason = because(entry.detail) or _("the mail server could not take it")
    return _("%(email)s was not sent yet: %(because)s.") % {"email": capfirst(_email(entry)), "because": reason}


def _tell_rejected(entry: Entry) -> str:
    told = _("The mail server refused %(email)s for good") % {"email": _email(entry)}
    meaning = because(entry.detail)
    return f"{told} ({meaning})." if meaning else f"{told}."


def _tell_cancelled(entry: Entry) -> str:
    if entry.detail in _BY_HAND and not entry.email:
        return _tell_decision(entry)
    told = {"email": capfirst(entry.email), "because": because(entry.detail) or _("it was not needed any more")}
    if entry.email:
        return _("%(email)s was not sent: %(because)s.") % told
    if entry.ends or entry.detail in _BY_CHANGE:
        return _("Not asked: %(because)s.") % told
    return _("A reminder was not sent: %(because)s.") % told


def _tell_decision(entry: Entry) -> str:
    who = {"by": entry.by or _("a counselor")}
    if entry.detail == Reason.ASKED_BY_PHONE:
        return _("Asked by phone instead: noted by %(by)s. The link opens nothing any more.") % who
    if entry.detail == Reason.ENROLLMENT_ENDED:
        return _("Taken back: %(by)s ended the plan for this case.") % who
    if entry.ends == FollowUpStatus.SKIPPED:
        return _("Left out by %(by)s.") % who
    return _("Taken back by %(by)s. The link opens nothing any more.") % who


def _tell_resent(entry: Entry) -> str:
    if entry.by:
        return _("%(by)s had %(email)s sent again.") % {"by": entry.by, "email": _email(entry)}
    return _("%(email)s was to be sent again.") % {"email": capfirst(_email(entry))}


_BY_HAND = frozenset({Reason.BY_STAFF, Reason.ASKED_BY_PHONE, Reason.ENROLLMENT_ENDED})
_BY_CHANGE = frozenset(
    {
        Reason.ZONE_CHANGED,
        Reason.PLAN_CHANGED,
        Reason.DATES_CHANGED,
        Reason.SESSION_CHANGED,
        Reason.CLOSED_DAYS_CHANGED,
        Reason.CASE_CLOSED,
        Reason.CASE_REOPENED,
        Reason.PAUSE,
        Reason.DATE_PAST,
    }
)
"""Said of a form and never of an email; another change may bring it back."""
_TELLING: Mapping[str, Callable[[Entry], str]] = {
    DeliveryEventKind.PLANNED: _tell_planned,
    DeliveryEventKind.ACCEPTED: _tell_accepted,
    DeliveryEventKind.DEFERRED: _tell_deferred,
    DeliveryEventKind.REJECTED: _tell_rejected,
    DeliveryEventKind.CANCELLED: _tell_cancelled,
    DeliveryEventKind.RESENT: _tell_resent,
    DeliveryEventKind.MOVED: _tell_moved,
}
_PLAIN: Mapping[str, Promise] = {
    DeliveryEventKind.QUEUED: gettext_lazy("%(Email)s fell due and was put in line."),
    DeliveryEventKind.CLAIMED: gettext_lazy("%(Email)s was taken up for sending."),
    DeliveryEventKind.HANDED_OVER: gettext_lazy("%(Email)s was handed to the mail server."),
    DeliveryEventKind.UNCERTAIN: gettext_lazy(
        "Outcome unknown: the mail server did not answer. %(Email)s may have arrived."
    ),
    DeliveryEventKind.EXPIRED: gettext_lazy("%(Email)s was not sent: the time to answer was over."),
    DeliveryEventKind.DELIVERED: gettext_lazy("%(Email)s reached the mailbox, as the provider tells."),
    DeliveryEventKind.BOUNCED: gettext_lazy("%(Email)s came back undelivered, as the provider tells."),
    DeliveryEventKind.COMPLAINED: gettext_lazy("%(Email)s was reported as unwanted."),
    DeliveryEventKind.UNSUBSCRIBED: gettext_lazy("The client unsubscribed at the email provider."),
    DeliveryEventKind.PAUSED: gettext_lazy("Held back: the plan was paused."),
    DeliveryEventKind.RESUMED: gettext_lazy("Taken up again: the pause was over."),
    DeliveryEventKind.OPENED: gettext_lazy("The client opened the questions."),
    DeliveryEventKind.ANSWERED: gettext_lazy("The client sent the answers."),
}
_PLAIN_OF_FORM: Mapping[str, Promise] = {
    DeliveryEventKind.EXPIRED: gettext_lazy("The time to answer was over. The link opens nothing any more."),
}

# --- Why ---------------------------------------------------------------------------------------

_BECAUSE: Mapping[str, Promise] = {
    Reason.NO_ZONE: gettext_lazy("the client had no time zone, so nobody knew when it was night there"),
    Reason.NO_EMAIL: gettext_lazy("the client had no email address"),
    Reason.EMAIL_UNSAFE: gettext_lazy("it was not safe to email the client"),
    Reason.NO_CONSENT: gettext_lazy("the client had not agreed to be asked by email"),
    Reason.SUPERSEDED: gettext_lazy("a later one took its place"),
    Reason.OVERDUE: gettext_lazy("the time to answer was over"),
    Reason.NOT_AWAITED: gettext_lazy("the answers were no longer awaited"),
    Reason.ENROLLMENT_ENDED: gettext_lazy("the plan was ended for this case"),
    Reason.BY_STAFF: gettext_lazy("a counselor decided so"),
    Reason.LINK_USED: gettext_lazy("the client had used the link already"),
    Reason.QUIET_HOURS: gettext_lazy("it was night where the client lives"),
    Reason.TOO_SOON: gettext_lazy("another email had gone out shortly before"),
    Reason.READDRESSED: gettext_lazy("the client’s details changed while it was being sent"),
    Reason.UNWRITABLE: gettext_lazy("it could not be written, which is a fault of this system: tell its administrator"),
    Reason.SERVER_LOST: gettext_lazy("the connection to the mail server broke"),
    Reason.SETUP_REFUSED: gettext_lazy("the mail server refused our sign-in or sender, not the client’s address"),
    Reason.LEASE_RAN_OUT: gettext_lazy("the worker that had taken it up stopped"),
    Reason.DOMAIN_RATE: gettext_lazy("enough emails had gone to this provider within a minute"),
    Reason.ADDRESS_SUSPENDED: gettext_lazy("emails to this address had come back or been reported as unwanted"),
    Reason.PLAN_STOPPED: gettext_lazy("the client had stopped the emails of this plan"),
    Reason.ASKED_BY_PHONE: gettext_lazy("the client was asked by phone instead"),
    Reason.ZONE_CHANGED: gettext_lazy("the client lived by another clock from then on"),
    Reason.PLAN_CHANGED: gettext_lazy("the plan had been changed"),
    Reason.DATES_CHANGED: gettext_lazy("the plan had been changed for this case"),
    Reason.SESSION_CHANGED: gettext_lazy("a session had been planned, moved or settled"),
    Reason.CLOSED_DAYS_CHANGED: gettext_lazy("the days on which the clinic is closed had been changed"),
    Reason.CASE_CLOSED: gettext_lazy("the case had been closed"),
    Reason.CASE_REOPENED: gettext_lazy("the case had been taken up again"),
    Reason.PAUSE: gettext_lazy("the plan had been paused"),
    Reason.DATE_PAST: gettext_lazy("its day had passed"),
    Reason.UNPUBLISHED: gettext_lazy("its questionnaire was not published"),
}
_CLASS: Mapping[str, Promise] = {
    "4": gettext_lazy("not now, a later try may pass"),
    "5": gettext_lazy("refused for good, another try would be refused too"),
}
_BASIC: Mapping[str, Promise] = {
    "421": gettext_lazy("the mail server was closing down or too busy"),
    "450": gettext_lazy("the mailbox was busy, or the server wanted us to wait"),
    "451": gettext_lazy("the mail server had a fault of its own"),
    "452": gettext_lazy("the mail server had no room left"),
    "550": gettext_lazy("the mailbox does not exist, or takes no mail from us"),
    "551": gettext_lazy("the mailbox is not at that server"),
    "552": gettext_lazy("the mailbox is full"),
    "553": gettext_lazy("the address is not one that the server knows"),
    "554": gettext_lazy("the mail server would not take the email"),
}
_ENHANCED: Mapping[str, Promise] = {
    "1": gettext_lazy("the address is wrong or does not exist"),
    "2": gettext_lazy("the mailbox is full, closed or takes no mail"),
    "3": gettext_lazy("the mail system that should take it had trouble"),
    "4": gettext_lazy("the way to the mail server failed"),
    "5": gettext_lazy("the two mail servers did not understand each other"),
    "6": gettext_lazy("the server would not take what the email holds"),
    "7": gettext_lazy("a rule of the mail server forbids it"),
}
