"""Who gives more, from either partner's reports or both: one filter, in which a missing report is only less to go by.

Each report is the respondent's own gap, RG = G - V: what they give less what they receive. With the couple's true gap s
(positive: a gives more) the two reports of one wave are

    RG_a = s + w + u + error            -RG_b = s - w + u + error

u (what the two views, halved, are off together) is the bias of the couple index OS = (RG_a - RG_b) / 2; w (what each
adds in their own favor) is that of the dispute DV = (RG_a + RG_b) / 2, expected at the offset. Both are stable, so that
more waves cannot average them away. The state is (s, u, w). Where both always report, this is the filter of OS alone;
where one ever does, that of RG less its offset; in between it is exact. No single bias is: one bias with two loadings
would be learned from the change of informants, and taking a report away could make the estimate surer (see
docs/decisions/0004). (Kalman 1960; scalar updates in sequence, Harvey 1989.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from assessments.tracking import DRIFT_DAYS, Estimate, Floats
from counseling.patterns.thresholds import Tracking


def estimate_gap(
    days: ArrayLike,
    gaps: tuple[ArrayLike, ArrayLike],
    error_variances: tuple[ArrayLike, ArrayLike],
    numbers: Tracking,
) -> Estimate:
    """The couple's gap after each wave, positive when a gives more.

    ``gaps``: RG_a and RG_b, shape (waves,) or (histories, waves), NaN where there is none; ``error_variances`` of the
    same shapes; ``days`` never decreasing, shape (waves,) or as the gaps.
    """
    seen_a, seen_b = (np.asarray(gap, dtype=float) for gap in gaps)
    error_a, error_b = (np.asarray(error, dtype=float) for error in error_variances)
    instants = np.broadcast_to(np.asarray(days, dtype=float), seen_a.shape)
    drift = np.diff(instants, axis=-1, prepend=instants[..., :1]) * (numbers.drift_variance / DRIFT_DAYS)
    state, spread = _prior(seen_a.shape[:-1], numbers)
    mean, variance = np.empty_like(seen_a), np.empty_like(seen_a)
    for wave in range(seen_a.shape[-1]):
        spread[0, 0] += drift[..., wave]
        _observe(state, spread, 1, seen_a[..., wave], error_a[..., wave])
        _observe(state, spread, -1, -seen_b[..., wave], error_b[..., wave])
        mean[..., wave], variance[..., wave] = state[0], spread[0, 0]
    return Estimate(mean, variance)


def _prior(histories: tuple[int, ...], numbers: Tracking) -> tuple[Floats, Floats]:
    """The state (3, histories) and its covariance (3, 3, histories) before the first report."""
    own_favor = numbers.gap_bias_variance - numbers.couple_bias_variance
    state, spread = np.zeros((3, *histories)), np.zeros((3, 3, *histories))
    state[2] = numbers.gap_offset
    for place, variance in enumerate((numbers.prior_variance, numbers.couple_bias_variance, own_favor)):
        spread[place, place] = variance
    return state, spread


def _observe(state: Floats, spread: Floats, favor: int, value: Floats, error: Floats) -> None:
    """Take one report of s + u + favor * w in, in place; NaN changes nothing."""
    to_state = spread[0] + spread[1] + favor * spread[2]
    total = to_state[0] + to_state[1] + favor * to_state[2] + error
    surprise = value - (state[0] + state[1] + favor * state[2])
    missing = np.isnan(surprise)
    gain = to_state * np.where(missing, 0.0, 1 / total)
    state += gain * np.where(missing, 0.0, surprise)
    spread -= gain * to_state[:, None]
