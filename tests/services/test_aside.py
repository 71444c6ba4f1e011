"""The thread in which the sending loop has the database work done: two connections need a database that has several."""

from __future__ import annotations

from threading import Event

import pytest
from django.db import connection

from counseling.outbox.aside import Aside

pytestmark = pytest.mark.django_db(transaction=True)


def test_jobs_have_a_thread_and_a_connection_of_their_own_which_ends_with_them():
    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    with Aside() as aside:
        theirs = aside.do(backend).result()
        assert theirs != backend()
        assert aside.do(backend).result() == theirs
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND state IS NOT NULL", [theirs])
        assert cursor.fetchone() == (0,)


def test_the_caller_goes_on_while_a_job_is_done():
    goes_on = Event()
    with Aside() as aside:
        job = aside.do(goes_on.wait, 10)
        goes_on.set()
        assert job.result() is True
