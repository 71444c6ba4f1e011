"""All faults at random times, on everything at once, under one seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from subprocess import Popen
from time import monotonic, sleep
from zoneinfo import ZoneInfo

from django.db import connection

from counseling.models import FollowUp
from tests.faults.clients import Clients
from tests.faults.mailserver import LEFT_HANGING, Moods, name_recipient
from tests.faults.nursery import Nursery
from tests.faults.oracle import Journal, bury, rows, time_passes, unended
from tests.faults.proxy import Proxy
from tests.faults.scenes import HANDOFF, withdraw
from tests.faults.servers import Postgres, Redis
from tests.faults.worker import FAILPOINTS
from tests.load import due_follow_ups
from tests.smtp_sink import Sink
from tests.stack import Stack, free_port

WORKERS = 2
BATCH = 400
BACKLOG_PER_SECOND = 9
LARGEST_BACKLOG = 10_000
ZONES = ("America/St_Johns", "Asia/Kathmandu", "Pacific/Auckland", "Europe/Lisbon")
QUIET = (0.3, 0.5)
"""The part of the run in which it is night for some."""


@dataclass(frozen=True)
class World:
    """Everything there is to break."""

    stack: Stack
    nursery: Nursery
    sink: Sink
    postgres: Postgres
    redis: Redis
    redis_proxy: Proxy
    smtp_proxy: Proxy


@dataclass
class Campaign:
    """``bug`` is planted in every worker of the nursery. `run` breaks things; `come_to_rest` lets them heal."""

    world: World
    dice: random.Random
    seconds: float
    bug: str = ""
    journal: Journal = field(default_factory=Journal)
    faults: Counter[str] = field(default_factory=Counter)
    in_doubt: list[int] = field(default_factory=list)
    """How many emails each killed worker left handed over and not settled, if nothing else had befallen it."""
    killed: int = 0
    due: dict[str, datetime] = field(default_factory=dict)
    """When the emails of each follow-up fell due, by its recipient, for those that only had to wait for workers."""

    def __post_init__(self) -> None:
        self.moods = Moods()
        self.world.sink.script = self.moods
        self._workers: set[int] = set()
        self._asleep: dict[int, float] = {}
        self._celery: list[Popen[str]] = []
        self._web: Popen[str] | None = None
        self._web_port = free_port()
        self._began = monotonic()
        self._disturbed_ones: set[int] = set()
        self.clients = Clients(self.world.sink, lambda: f"http://127.0.0.1:{self._web_port}", self.dice_of("clients"))

    def dice_of(self, name: str) -> random.Random:
        """Dice of their own for what runs beside the campaign."""
        return random.Random(f"{self.dice.random()}{name}")

    # --- The run -------------------------------------------------------------------------------

    def run(self) -> None:
        self._web = self.world.stack.web_at(self._web_port)
        self._celery = [self.world.stack.worker("one")]
        for _ in range(2):
            self.world.stack.beat()
        self._invite_by_night()
        self._poison()
        self._invite(int(min(LARGEST_BACKLOG, BACKLOG_PER_SECOND * self.seconds)), counts=False)
        self.clients.start()
        faults, weights = zip(*self._faults().items(), strict=True)
        while monotonic() < self._began + self.seconds:
            self._refill()
            self._look_after_workers()
            sleep(self.dice.uniform(0.1, 1.6))
            fault = self.dice.choices(faults, weights)[0]
            self.faults[fault.__name__.strip("_").replace("_", " ")] += 1
            fault()

    def _faults(self) -> dict[Callable[[], None], float]:
        """Each fault and how often it comes."""
        return {
            self._kill_a_worker: 40,
            self._withdraw_consent: 12,
            self._cut_the_lines: 3,
            self._cut_mid_body: 3,
            self._refuse_to_sign_in: 2,
            self._kill_celery: 1.5,
            self._kill_the_web_server: 1,
            self._kill_redis: 1,
            self._flush_redis: 2,
            self._silence_redis: 1,
            self._restart_postgres: 1,
        }

    def _look_after_workers(self) -> None:
        """Bury the dead, note the sleeping and wake them, and have as many at work as there should be."""
        for worker in [*self._workers]:
            state = self.world.nursery.state(worker)
            if not state:
                self._died(worker)
            elif state == "T" and worker not in self._asleep:
                self._asleep[worker] = monotonic() + self.dice.choice([0.5, 1, 3])
                bury(worker)
                self.faults["slept past the lease"] += 1
            elif worker in self._asleep and monotonic() > self._asleep[worker]:
                del self._asleep[worker]
                self.world.nursery.go_on(worker)
        while len(self._workers) - len(self._asleep) < WORKERS:
            self._workers.add(self.world.nursery.start(loop=True, bug=self.bug, **self._fate()))

    def _fate(self) -> dict[str, object]:
        """What is to become of a worker: most come to a failpoint some day, some have a wrong clock."""
        fate: dict[str, object] = {"hours": self.dice.choice([0, 0, 0, 1, -1])}
        if self.dice.random() < 0.8:
            fate |= {"at": self.dice.choice(FAILPOINTS), "after": self.dice.randrange(3)}
            fate["act"] = self.dice.choice(["kill", "kill", "pause"])
        self.faults["wrong clock"] += fate["hours"] != 0
        return fate

    def _died(self, worker: int) -> None:
        self._workers.discard(worker)
        self._asleep.pop(worker, None)
        self.faults["killed at a failpoint"] += 1
        self._count_doubts(worker)

    def _count_doubts(self, worker: int) -> None:
        """Count them after a kill. Half of the dead are buried, the leases of the others run out in their time.

        What the mail server or the line left in doubt before is not the kill's doing.
        """
        owned = "SELECT follow_up_id FROM counseling_delivery WHERE state = 'handoff' AND owner LIKE %s"
        left = [self.journal.recipients[str(pk)] for (pk,) in rows(owned, [f"%:{worker}:%"])]
        self.killed += 1
        if worker not in self._disturbed_ones:
            self.in_doubt.append(sum(not recipient.startswith(LEFT_HANGING) for recipient in left))
        if self.dice.random() < 0.5:
            bury(worker)

    # --- What is to be sent --------------------------------------------------------------------

    def _refill(self) -> None:
        waiting = "SELECT COUNT(*) FROM counseling_followup WHERE status = 'planned' AND due_at <= now()"
        if rows(waiting)[0][0] < BATCH / 2:
            self._invite(BATCH)

    def _invite(self, count: int, *, counts: bool = True, **different: object) -> list[FollowUp]:
        batch = len(self.journal.recipients)
        names = [name_recipient(self.dice) for _ in range(count)]
        made: list[FollowUp] = []
        for name in sorted(set(names)):
            recipient = f"{name}-{{}}@batch{batch}.example"
            now = datetime.now(UTC)
            made += due_follow_ups(names.count(name), now=now, recipient=recipient, **different)  # type: ignore[arg-type]
        self._note(made)
        if counts:
            self.due |= {
                row.case.client.email: row.due_at for row in made if row.case.client.email.startswith("client")
            }
        return made

    def _note(self, made: list[FollowUp]) -> None:
        self.journal.recipients |= {str(row.pk): row.case.client.email for row in made}

    def _invite_by_night(self) -> None:
        """Emails that fall due all through the run, for clients who have their night in the middle of it."""
        now = datetime.now(UTC)
        spread = timedelta(seconds=self.seconds * 0.7 / 20)
        dusk, dawn = (now + timedelta(seconds=self.seconds * part) for part in QUIET)
        for zone in ZONES:
            quiet = {"quiet_from": _wall(dusk, zone), "quiet_until": _wall(dawn, zone)}
            self._invite(20, counts=False, zone=zone, due_at=lambda n: now + n * spread, **quiet)

    def _poison(self) -> None:
        """Emails that cannot be written: they hold up nobody, and expire."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=self.seconds / 2)
        made = due_follow_ups(5, now=now, recipient="poison-{}@mail.example", expires_at=until, sender_name="Bell\x07")
        self._note(made)

    # --- Faults --------------------------------------------------------------------------------

    def _kill_a_worker(self) -> None:
        awake = sorted(self._workers - self._asleep.keys())
        if awake:
            worker = self.dice.choice(awake)
            self.world.nursery.kill(worker)
            self._workers.discard(worker)
            self._count_doubts(worker)

    def _withdraw_consent(self) -> None:
        """Of a client whose email is just being sent, most likely."""
        pending = (
            "SELECT asked.id FROM counseling_followup AS asked JOIN counseling_delivery AS mail"
            " ON mail.follow_up_id = asked.id WHERE mail.state IN ('claimed', 'due') ORDER BY mail.state LIMIT 20"
        )
        if found := rows(pending):
            follow_up = FollowUp.objects.select_related("client").get(pk=self.dice.choice(found)[0])
            withdraw(follow_up)
            self.journal.revoked[str(follow_up.pk)] = rows("SELECT clock_timestamp()")[0][0]

    def _cut_the_lines(self) -> None:
        self.world.smtp_proxy.cut()
        self._disturbed()

    def _cut_mid_body(self) -> None:
        self.world.smtp_proxy.cut_after = 1500
        sleep(0.05)
        self.world.smtp_proxy.cut_after = None
        self._disturbed()

    def _refuse_to_sign_in(self) -> None:
        """For a moment; mostly the pause that follows is over at once, rather than in half a minute."""
        self.moods.sulk(seconds=1)
        self._cut_the_lines()
        sleep(1)
        if self.dice.random() < 0.8:
            rows("UPDATE counseling_mailcircuit SET retry_at = now() WHERE retry_at IS NOT NULL RETURNING name")

    def _kill_celery(self) -> None:
        """A worker with everything it forked, or one of the two beats: they are alike."""
        self.world.stack.kill(self._celery.pop())
        self._celery.append(self.world.stack.worker("one"))

    def _kill_the_web_server(self) -> None:
        if self._web:
            self.world.stack.kill(self._web)
        self._web = self.world.stack.web_at(self._web_port)

    def _kill_redis(self) -> None:
        self.world.redis.kill()
        sleep(self.dice.uniform(0, 1))
        self.world.redis.start()

    def _flush_redis(self) -> None:
        self.world.redis.client.flushall()

    def _silence_redis(self) -> None:
        self.world.redis_proxy.fall_silent()
        sleep(self.dice.uniform(0.5, 3))
        self.world.redis_proxy.speak_again()

    def _restart_postgres(self) -> None:
        self.world.postgres.restart_without_warning()
        connection.close()
        self._disturbed()

    def _disturbed(self) -> None:
        """What those at work leave in doubt from now on is not for a kill alone to answer for."""
        self._disturbed_ones |= self._workers

    # --- The end -------------------------------------------------------------------------------

    def come_to_rest(self) -> None:
        """No more faults: what time and workers bring about by themselves, until nothing is left to do."""
        with suppress(RuntimeError):  # never started when the run failed early
            self.clients.stop()
        self.journal.kept = [*self.clients.kept.values()]
        self.moods.calm_down()
        for worker in [*self._workers]:
            self.world.nursery.go_on(worker)
            self.world.nursery.kill(worker)
            self._count_doubts(worker)
        self._workers.clear()
        self.world.stack.stop()
        for _ in range(20):
            self.world.nursery.drain(bug=self.bug)
            if not [*unended()]:
                return
            time_passes(minutes=HANDOFF)


def _wall(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time().replace(microsecond=0)
