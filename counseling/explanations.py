"""Evidence in plain, careful sentences: what was seen, in which answers, how sure, since when, what else it may be.

Sentences a counselor could read aloud to a colleague. They describe answers, never a person's nature: no disorder is
named and nobody is blamed. Names are put in here and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Reason = Mapping[str, Any]
Ask = Callable[[str, str], str]
Answer = Callable[[str, str, object], str]

FREQUENCIES = (
    gettext_lazy("Never"),
    gettext_lazy("Rarely"),
    gettext_lazy("Sometimes"),
    gettext_lazy("Often"),
    gettext_lazy("Almost always"),
)
PEOPLE = frozenset({"giver", "receiver", "subject", "partner", "reporter", "silent"})
LEVELS = frozenset({"blur", "need", "partner_blur"})
"""Quantities from 0 to 100; the others are differences, from -100."""
PROBABILITIES = frozenset({"probability", "raise_at", "probability_below"})
READINGS = {
    "caregiving": gettext_lazy("one of them cares for the other, or for somebody else"),
    "culture": gettext_lazy("a family or culture in which such closeness is usual and welcome"),
    "disability": gettext_lazy("a disability that makes close help necessary"),
    "illness": gettext_lazy("an illness"),
    "new_baby": gettext_lazy("a new baby"),
    "work": gettext_lazy("a time of heavy work or study for one of them"),
}


class Sentence(NamedTuple):
    """One sentence, with the code of the reason it puts into words."""

    code: str
    text: str


def explain(
    evidence: Mapping[str, Any],
    *,
    names: Mapping[str, str],
    question: Ask = lambda _member, item: item,
    answer: Answer = lambda _member, _item, value: frequency(value),
) -> tuple[Sentence, ...]:
    """The sentences of one evidence snapshot, in the active language.

    ``names``: member → name; whoever has none is "the other person". ``question(member, item)`` is the wording as that
    member was asked it, ``answer(member, item, value)`` the wording of what they chose.
    """
    teller = _Teller(names, question, answer)
    said = (Sentence(reason["code"], teller.tell(reason)) for reason in evidence["reasons"])
    return (*said, *_not_computed(teller, evidence["not_computed"]))


def sureness(probability: float) -> str:
    """How sure, in words that go with the number."""
    for least, words in (
        (0.95, _("very likely")),
        (0.80, _("likely")),
        (0.60, _("more likely than not")),
        (0.40, _("about as likely as not")),
    ):
        if probability >= least:
            return words
    return _("not likely")


def percent(probability: float) -> int:
    """Whole percents, never 0 and never 100: nothing here is certain."""
    return min(max(round(probability * 100), 1), 99)


def frequency(value: object) -> str:
    """An answer of the frequency scale in words; None is "prefer not to say"."""
    if value is None:
        return _("prefer not to say")
    return str(FREQUENCIES[value]) if isinstance(value, int) and value in range(5) else str(value)


@dataclass(frozen=True, slots=True)
class _Teller:
    """What the sentences are told with: names, and the wording of questions and answers."""

    names: Mapping[str, str]
    question: Ask
    answer: Answer

    def name(self, member: str) -> str:
        return self.names.get(member) or _("the other person")

    def tell(self, reason: Reason) -> str:
        """The reason as one sentence."""
        code = reason["code"]
        text = str(PLAIN[code]) % self.facts(reason) if code in PLAIN else SENTENCES[code](self, reason)
        return capfirst(text)

    def facts(self, reason: Reason) -> dict[str, Any]:
        """The reason's values as they read: people by name, numbers whole, probabilities in percent, dates as dates."""
        return {key: self._fact(key, value) for key, value in _within_scale(reason).items()}

    def says(self, row: Reason) -> str:
        """Who answered what to one question, and how each sees it."""
        said = (
            _("%(name)s says “%(answer)s”")
            % {"name": self.name(member), "answer": self.answer(member, row["items"][member], value)}
            for member, value in row["answers"].items()
        )
        return ", ".join(said)

    def _fact(self, key: str, value: Any) -> Any:
        if key in PEOPLE:
            return self.name(value)
        if key in PROBABILITIES:
            return percent(value)
        if key == "at":
            return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "DATE_FORMAT")
        return round(value) if isinstance(value, float) else value


def _within_scale(reason: Reason) -> Reason:
    """A band that reaches beyond the ends of its scale is told up to them."""
    if not {"low", "high"} <= reason.keys():
        return reason
    floor = 0 if reason.get("quantity") in LEVELS else -100
    return {**reason, "low": max(reason["low"], floor), "high": min(reason["high"], 100)}


PLAIN = {
    "gives_more": gettext_lazy(
        "%(giver)s appears to give more than comes back from %(receiver)s: by about %(value)d points on a scale of "
        "100, probably between %(low)d and %(high)d. From %(size)d points on it is worth a look."
    ),
    "blurred": gettext_lazy(
        "%(subject)s describes blurred boundaries: about %(value)d of 100 points, probably between %(low)d and "
        "%(high)d. Above %(size)d it is worth a look."
    ),
    "need_too": gettext_lazy(
        "%(subject)s also describes a strong need of %(partner)s: about %(value)d of 100 points, probably between "
        "%(low)d and %(high)d. Above %(size)d it is worth a look."
    ),
    "partner_blur_too": gettext_lazy(
        "%(partner)s describes blurred boundaries as well: about %(value)d of 100 points, probably between %(low)d "
        "and %(high)d. Above %(size)d it is worth a look."
    ),
    "blur_alone": gettext_lazy(
        "These are blurred boundaries in one report: so far neither a strong need nor blurred boundaries of "
        "%(partner)s are seen with them."
    ),
    "not_raised": gettext_lazy(
        "The answers do not show it as things stand (%(probability)d %%); from %(raise_at)d %% on it is raised."
    ),
    "since": gettext_lazy("It has been seen since wave %(number)d, %(at)s."),
    "trend": gettext_lazy("Over %(waves)d waves the estimate went from %(first)d to %(last)d points."),
    "one_view": gettext_lazy(
        "This is one person's view: only %(reporter)s has reported, and %(silent)s may see it otherwise."
    ),
    "contact_request_answer": gettext_lazy("%(subject)s asked to be contacted privately (%(at)s)."),
    "only_a_person_lifts_it": gettext_lazy("No later answer clears this: it stands until a person signs it off."),
}
"""The reasons that need nothing but their facts."""


def _how_sure(teller: _Teller, reason: Reason) -> str:
    facts = teller.facts(reason) | {"sureness": sureness(reason["probability"])}
    return _("Judging by the answers so far this is %(sureness)s (%(probability)d %%).") % facts


def _seen_in_pair(teller: _Teller, reason: Reason) -> str:
    does, gets = reason["does"], reason["gets"]
    speaker = next(member for member in (reason["giver"], reason["receiver"]) if member in does["answers"])
    return _("“%(question)s” About what %(giver)s does, %(does)s; about what %(receiver)s does, %(gets)s.") % (
        teller.facts(reason)
        | {
            "question": teller.question(speaker, does["items"][speaker]),
            "does": teller.says(does),
            "gets": teller.says(gets),
        }
    )


def _seen_in_answer(teller: _Teller, reason: Reason) -> str:
    question = teller.question(reason["subject"], reason["items"][reason["subject"]])
    return _("“%(question)s”: %(said)s.") % {"question": question, "said": teller.says(reason)}


def _dispute(teller: _Teller, reason: Reason) -> str:
    facts = teller.facts(reason) | {"value": abs(round(reason["value"]))}
    if reason["value"] < 0:
        words = _(
            "The two see it differently: on average each notices %(value)d points more from the other than the other "
            "claims to give. More often people see themselves giving about %(usual)d points more."
        )
    else:
        words = _(
            "The two see it differently: on average each sees themselves giving %(value)d points more than the other "
            "notices. About %(usual)d is common."
        )
    return words % facts


def _would_clear(teller: _Teller, reason: Reason) -> str:
    facts = teller.facts(reason)
    words = ngettext(
        "It clears when the estimate falls below %(estimate_below)d points in one wave (it is then less than "
        "%(probability_below)d %% likely).",
        "It clears when the estimate stays below %(estimate_below)d points for %(waves)d waves in a row (it is then "
        "less than %(probability_below)d %% likely).",
        reason["waves"],
    )
    return words % facts


def _other_readings(_teller: _Teller, reason: Reason) -> str:
    readings = "; ".join(str(READINGS[code]) for code in reason["readings"])
    return _("What could explain it otherwise: %(readings)s.") % {"readings": readings}


def _safety_answer(teller: _Teller, reason: Reason) -> str:
    member, item = reason["subject"], reason["item"]
    words = ngettext(
        "%(subject)s answered “%(answer)s” to “%(question)s” (%(at)s).",
        "%(subject)s answered “%(answer)s” to “%(question)s” (%(at)s, the latest of %(times)d times).",
        reason["times"],
    )
    wording = {
        "question": teller.question(member, item),
        "answer": teller.answer(member, item, reason["answer"]),
    }
    return words % (teller.facts(reason) | wording)


def _left_open_answer(teller: _Teller, reason: Reason) -> str:
    question = teller.question(reason["subject"], reason["item"])
    words = _(
        "%(subject)s left “%(question)s” without an answer (%(at)s). That is no “no”: it can have many reasons, and it "
        "is worth asking in private."
    )
    return words % (teller.facts(reason) | {"question": question})


def _declined_answer(teller: _Teller, reason: Reason) -> str:
    question = teller.question(reason["subject"], reason["item"])
    words = _(
        "%(subject)s preferred not to answer “%(question)s” (%(at)s). That can have many reasons; it is worth asking "
        "in private."
    )
    return words % (teller.facts(reason) | {"question": question})


SENTENCES: Mapping[str, Callable[[_Teller, Reason], str]] = {
    "how_sure": _how_sure,
    "seen_in_pair": _seen_in_pair,
    "seen_in_answer": _seen_in_answer,
    "dispute": _dispute,
    "would_clear": _would_clear,
    "other_readings": _other_readings,
    "safety_answer": _safety_answer,
    "declined_answer": _declined_answer,
    "left_open_answer": _left_open_answer,
}
"""The reasons that need more: a question's wording, a number in words, a plural."""


def _not_computed(teller: _Teller, rows: Iterable[Reason]) -> Iterator[Sentence]:
    """What could not be computed, and for how many waves: never the same as "nothing there"."""
    waves = {(row["member"], row["why"]): set[str]() for row in rows}
    for row in rows:
        waves[row["member"], row["why"]].add(row["wave"])
    for (member, why), found in waves.items():
        facts = {"name": teller.name(member), "waves": len(found)}
        yield Sentence("not_computed", capfirst(_missing(why, len(found)) % facts))


def _missing(why: str, waves: int) -> str:
    return {
        "no_report": ngettext(
            "In %(waves)d wave there is no report from %(name)s; that says nothing either way.",
            "In %(waves)d waves there is no report from %(name)s; that says nothing either way.",
            waves,
        ),
        "invalid_report": ngettext(
            "In %(waves)d wave the report from %(name)s is not complete or not reliable enough to be used here.",
            "In %(waves)d waves the reports from %(name)s are not complete or not reliable enough to be used here.",
            waves,
        ),
        "not_asked": ngettext(
            "In %(waves)d wave %(name)s was not asked about this.",
            "In %(waves)d waves %(name)s was not asked about this.",
            waves,
        ),
        "too_few_answers": ngettext(
            "In %(waves)d wave %(name)s answered too few of these questions to tell.",
            "In %(waves)d waves %(name)s answered too few of these questions to tell.",
            waves,
        ),
        "not_answered": ngettext(
            "In %(waves)d wave %(name)s has not answered some of these questions yet.",
            "In %(waves)d waves %(name)s has not answered some of these questions yet.",
            waves,
        ),
    }[why]
