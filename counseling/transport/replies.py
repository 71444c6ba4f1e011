"""What an SMTP server's refusal means for us: later, never for this recipient, or not until our side is repaired.

Pure. Reply codes are RFC 5321's, enhanced status codes RFC 3463's.
"""

from __future__ import annotations

import re

from counseling.transport.base import Outcome, Verdict

CLOSING = 421
_SIGN_IN = frozenset({530, 534, 535, 538})
_POLICY = re.compile(rb"\s*5\.7\.\d")


def read_refusal(code: int, text: bytes, *, of_sender: bool = False) -> Outcome:
    """The meaning of a reply that is not an acceptance.

    A permanent refusal of the sender, of the sign-in, or by policy (5.7.x: relaying denied, blocked, unauthenticated)
    concerns our side and would meet every recipient alike; any other concerns this one. A reply outside of the
    protocol counts as a broken connection.
    """
    if 400 <= code <= 499:
        return Outcome(Verdict.DEFERRED, code)
    if not 500 <= code <= 599:
        return Outcome(Verdict.LOST)
    ours = of_sender or code in _SIGN_IN or _POLICY.match(text) is not None
    return Outcome(Verdict.SETUP_REFUSED if ours else Verdict.REFUSED, code)
