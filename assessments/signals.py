"""What the outside may react to. All are sent inside the transaction that makes the change, so that a
receiver's rows (an alert, a finding) are committed with the answer or not at all.
"""

from django.dispatch import Signal

answers_saved = Signal()
"""A page was saved in a draft: ``sender=Response, response=, answers=`` (the page). A risk answer alerts from here."""

response_submitted = Signal()
"""A response is final: ``sender=Response, response=, scores=`` (the stored Score rows)."""

version_changed = Signal()
"""Somebody changed a questionnaire on the staff's pages: ``sender=InstrumentVersion, version=, user=, what=``, which is
one of written, uploaded, edited, copied, published, retired and discarded. A discarded draft is gone by then."""
