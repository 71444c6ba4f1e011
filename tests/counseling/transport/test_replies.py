from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counseling.transport import Verdict
from counseling.transport.replies import read_refusal


@pytest.mark.parametrize(
    ("code", "text", "of_sender", "verdict"),
    [
        (421, b"4.7.0 closing", False, Verdict.DEFERRED),
        (450, b"greylisted", True, Verdict.DEFERRED),
        (452, b"4.2.2 mailbox full", False, Verdict.DEFERRED),
        (550, b"5.1.1 no such mailbox", False, Verdict.REFUSED),
        (550, b"no such mailbox", False, Verdict.REFUSED),
        (552, b"5.2.2 mailbox full", False, Verdict.REFUSED),
        (553, b"5.1.8 sender domain unknown", True, Verdict.SETUP_REFUSED),
        (530, b"authentication required", False, Verdict.SETUP_REFUSED),
        (535, b"5.7.8 bad credentials", True, Verdict.SETUP_REFUSED),
        (554, b"5.7.1 relay access denied", False, Verdict.SETUP_REFUSED),
        (550, b" 5.7.26 unauthenticated sender", False, Verdict.SETUP_REFUSED),
    ],
)
def test_a_refusal_is_read_as_what_it_means_for_us(code, text, of_sender, verdict):
    outcome = read_refusal(code, text, of_sender=of_sender)
    assert (outcome.verdict, outcome.code) == (verdict, code)


@given(code=st.integers(-1, 999).filter(lambda code: not 400 <= code <= 599), text=st.binary(max_size=20))
def test_what_is_no_refusal_at_all_is_a_broken_connection(code, text):
    assert read_refusal(code, text).verdict == Verdict.LOST
