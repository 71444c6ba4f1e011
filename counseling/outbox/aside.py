"""Database work done aside, while the sending loop writes emails and talks to the mail server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")


class Aside:
    """Does one job after the other, in the order given, in a thread with a database connection of its own.

    After one that failed, none of the later ones is begun. Where a second connection would only wait for the first, in
    SQLite or within a transaction that is open already, jobs are done at once and in place.
    """

    def __init__(self) -> None:
        is_alone = connection.vendor == "sqlite" or connection.in_atomic_block
        self._thread = None if is_alone else ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
        self._last: Future[Any] = Future()
        self._last.set_result(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Wait for the job at hand, and close the thread's connection."""
        if self._thread is not None:
            self._thread.submit(_hang_up)
            self._thread.shutdown()

    def do(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """The job's result, once it is done. What it raises is raised to whoever asks for that."""
        before = self._last

        def run() -> R:
            before.result()
            return job(*args, **kwargs)

        done = _done(run) if self._thread is None else self._thread.submit(run)
        self._last = done
        return done

    def finish(self) -> None:
        """Wait until all is done. Raises what the first job to fail raised."""
        self._last.result()


def _done(job: Callable[[], R]) -> Future[R]:
    done: Future[R] = Future()
    try:
        done.set_result(job())
    except Exception as error:  # noqa: BLE001 - told to whoever asks for the result, as a thread would
        done.set_exception(error)
    return done


def _hang_up() -> None:
    connection.close()
