"""Every number a pattern depends on: editable judgements, not norms. A clinic's versions are kept as this JSON.

One section per row of the table of rules. A number left out of the JSON has its default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from counseling.exceptions import InvalidInput


class Numbers(BaseModel):
    """Frozen, finite, no unknown fields, no silent conversions; what a rule is about is not for editing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _quantities_stay(self) -> Self:
        for name, field in type(self).model_fields.items():
            if isinstance(field.default, Rule) and getattr(self, name).quantity != field.default.quantity:
                raise ValueError(f"the quantity of {name} is {field.default.quantity!r} and cannot be changed")
        return self


class Rule(Numbers):
    """When an estimate matters and how sure to be: one row of data, the same for every filtered quantity.

    Raised from ``raise_at`` on, confirmed by data from ``confirm_at`` on, cleared below ``clear_below`` for
    ``clear_waves`` waves in a row; each is a probability that the quantity lies beyond ``size``.
    """

    quantity: str
    size: float = Field(ge=-100, le=100)
    raise_at: float = Field(default=0.80, gt=0, lt=1)
    confirm_at: float = Field(default=0.90, gt=0, lt=1)
    clear_below: float = Field(default=0.40, gt=0, lt=1)
    clear_waves: int = Field(default=2, ge=1, le=12)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.clear_below < self.raise_at <= self.confirm_at:
            raise ValueError("must hold: clear_below < raise_at <= confirm_at")
        return self


class Tracking(Numbers):
    """The filter: what is believed before the first answer, and how much a view may differ from what is."""

    prior_variance: float = Field(default=400, gt=0)
    drift_variance: float = Field(default=9, ge=0, description="growth of the level's variance per 14 days")
    scale_middle: float = Field(default=50, ge=0, le=100)
    scale_bias_variance: float = Field(default=64, ge=0)
    couple_bias_variance: float = Field(default=64, ge=0, description="of OS, the two partners' views halved")
    gap_bias_variance: float = Field(default=128, ge=0, description="of RG, one partner's view")
    gap_offset: float = Field(default=8, ge=-100, le=100, description="people see themselves giving more")

    @model_validator(mode="after")
    def _parts_of_the_whole(self) -> Self:
        if self.couple_bias_variance > self.gap_bias_variance:
            raise ValueError("must hold: couple_bias_variance <= gap_bias_variance")
        return self


class StandardErrors(Numbers):
    """The standard error of measurement of a scale whose score brings none."""

    need: float = Field(default=12, gt=0)
    blur: float = Field(default=9, gt=0)
    giving: float = Field(default=12, gt=0)
    receiving: float = Field(default=12, gt=0)
    carrying: float = Field(default=15, gt=0)
    carried: float = Field(default=15, gt=0)
    growth: float = Field(default=15, gt=0)
    pushback: float = Field(default=15, gt=0)
    own_pushback: float = Field(default=15, gt=0)


class OneSided(Numbers):
    couple: Rule = Rule(quantity="couple_gap", size=15)
    one_view: Rule = Rule(quantity="respondent_gap", size=20)


class Enmeshed(Numbers):
    blur: Rule = Rule(quantity="blur", size=55)
    need_above: float = Field(default=50, ge=0, le=100)
    partner_blur_above: float = Field(default=55, ge=0, le=100)


class Rescuer(Numbers):
    couple: Rule = Rule(quantity="couple_rescuing", size=55)
    beyond_reverse: float = Field(default=20, ge=0, le=100)
    one_view: Rule = Rule(quantity="respondent_rescuing", size=25)
    low_growth: float = Field(default=40, ge=0, le=100)


class PushBack(Numbers):
    score_from: float = Field(default=50, ge=0, le=100)
    pressing_from: int = Field(default=3, ge=0, le=4, description="the answer to “kept pressing until I gave in”")
    escalating_by: float = Field(default=25, ge=0, le=100)
    clear_below: float = Field(default=35, ge=0, le=100)
    clear_waves: int = Field(default=2, ge=1, le=12)


class Divergence(Numbers):
    dispute: Rule = Rule(quantity="dispute", size=20)
    pair_difference: int = Field(default=3, ge=1, le=4)
    pairs: int = Field(default=2, ge=1, le=5)


class Change(Numbers):
    reliable_z: float = Field(default=1.96, gt=0)
    slope_points: int = Field(default=4, ge=3)


class Silence(Numbers):
    finding_days: int = Field(default=7, ge=1)
    high_waves: int = Field(default=2, ge=1)


class InvalidAnswers(Numbers):
    signals: int = Field(default=2, ge=1)
    seconds_per_item: float = Field(default=2, ge=0)
    longstring: int = Field(default=12, ge=2)
    missing_share: float = Field(default=0.25, ge=0, le=1)


class Thresholds(Numbers):
    tracking: Tracking = Tracking()
    standard_errors: StandardErrors = StandardErrors()
    one_sided: OneSided = OneSided()
    enmeshed: Enmeshed = Enmeshed()
    rescuer: Rescuer = Rescuer()
    push_back: PushBack = PushBack()
    divergence: Divergence = Divergence()
    change: Change = Change()
    silence: Silence = Silence()
    invalid_answers: InvalidAnswers = InvalidAnswers()

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Thresholds:
        """Read what `to_json` wrote, or any part of it. Raises `InvalidInput` naming every unusable number."""
        try:
            return cls.model_validate(_filled(cls().to_json(), values))
        except ValidationError as error:
            raise InvalidInput("; ".join(map(_complaint, error.errors()))) from error

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")

    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: the same judgements, the same digest."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _filled(defaults: Any, given: Any) -> Any:
    """``given`` with what it leaves out taken from ``defaults``, at every depth."""
    if not (isinstance(defaults, Mapping) and isinstance(given, Mapping)):
        return given
    return {**defaults, **{key: _filled(defaults.get(key), value) for key, value in given.items()}}


def _complaint(detail: ErrorDetails) -> str:
    path = ".".join(map(str, detail["loc"])) or "thresholds"
    return f"{path}: {detail['msg'].removeprefix('Value error, ')}"
