"""Eight processes use a few accounts at once, and some are killed: every invariant is checked at the end.

    python python/tests/django/mixed_run.py --database postgresql --minutes 10

`--kill` ends processes, and the database server if there is one, by SIGKILL at random moments.
"""

import argparse
import json
import logging
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[2] / "examples" / "django")]
DATABASES = ("sqlite", "postgresql", "pgbouncer", "mariadb")
PROCESSES, ACCOUNTS = 8, 4
STUCK_SECONDS = 60
POLICY = {
    "window": 1, "failures_before_lock": 20, "lock_seconds": 1, "lock_seconds_max": 1,
    "failures_per_day": 100, "failures_per_month": 100, "failures_before_disable": 100, "backup_codes": 10,
}  # fmt: skip


class Run:
    """The processes, and what is done to them."""

    def __init__(self, folder, server, kills):
        from mixed_worker import Clock

        self.folder, self.server, self.kills = folder, server, kills
        self.clock = Clock(time.time())
        self.clock.install()
        self.end, self.users = 0.0, []
        self.children, self.killed = {}, 0
        self.random = random.Random()

    def start(self, number):
        from django.db import connections
        from mixed_worker import Worker

        connections.close_all()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                Worker(self.folder, self.users, number, self.clock, self.end).run()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        self.children[pid] = number

    def work(self):
        """Until the time is over; returns how many processes failed or hung."""
        for number in range(PROCESSES):
            self.start(number)
        pause = max(1.0, (self.end - time.time()) / 6)
        while self.kills and time.time() + pause < self.end:
            time.sleep(pause * self.random.uniform(0.5, 1))
            self.kill_one()
            if self.server and self.killed % 2:
                self.server.crash()
                time.sleep(self.random.uniform(0, 0.3))
                self.server.start()
        return self.wait()

    def kill_one(self):
        pid = self.random.choice(list(self.children))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.killed += 1
        self.children.pop(pid)
        self.start(PROCESSES + self.killed)

    def wait(self):
        failed = 0
        for pid in self.children:
            while not (done := os.waitpid(pid, os.WNOHANG))[0] and time.time() < self.end + STUCK_SECONDS:
                time.sleep(0.02)
            if not done[0]:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            failed += not done[0] or done[1] != 0
        return failed


def prepared():
    """The accounts, with the saves that they have seen; the victim has a second factor."""
    import pyotp
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from mixed_worker import STEP, VICTIM
    from people import make_user

    from twinlock.django import services

    call_command("migrate", verbosity=0)
    for number in range(ACCOUNTS):
        make_user(username=f"person{number}")
    victim = make_user(username=VICTIM)
    setup = services.begin_enrollment(victim)
    code = pyotp.TOTP(setup.secret).at(services.engine()._clock.now // STEP * STEP)
    services.confirm_enrollment(victim, code)
    return list(get_user_model().objects.all())


def problems(run, users, before, failed):
    """The invariants that do not hold, and the tally of outcomes."""
    from mixed_worker import VICTIM

    from twinlock.django import services

    lines = [json.loads(line) for path in run.folder.glob("journal.*") for line in path.open()]
    faults = sum(line[0] == "fault" for line in lines)
    unsure = run.killed + faults  # calls whose outcome nobody was told
    found = [line[1] for line in lines if line[0] == "broken"]
    found += [f"{failed} processes failed or hung"] if failed else []
    accepted = Counter(tuple(line[1:]) for line in lines if line[0] == "accepted")
    twice = [(who, kind) for (who, kind, _), times in accepted.items() if times > 1]
    found += [f"accepted more than once: {kind} of {who}" for who, kind in twice]
    begun = {line[1] for line in lines if line[0] == "session"}
    kept = session_ids()
    found += [f"{len(begun - kept)} acknowledged sessions are not in the database"] if begun - kept else []
    if not len(begun) <= len(kept) <= len(begun) + unsure:
        found.append(f"{len(kept) - len(begun)} sessions began untold, in {unsure} accidents")
    saved = Counter(line[1] for line in lines if line[0] == "saved")
    for user in users:
        more = version(user) - before[user.pk] - saved[str(user.pk)]
        if not 0 <= more <= unsure:
            found.append(f"{user.username}: {-more} acknowledged saves are not in the database")
    counted = sum(line[0] == "counted" for line in lines)
    victim = next(user for user in users if user.username == VICTIM)
    if not 0 <= services.status(victim).failures_today - counted <= unsure:
        found.append("a failure was not counted")
    if faults and not run.killed:
        found.append("a database that nobody killed failed")
    outcomes = Counter(line[1] for line in lines if line[0] == "outcome")
    outcomes.update(f"accepted: {kind}" for _, kind, _ in accepted)
    return found, outcomes


def session_ids():
    from twinlock.django.models import RefreshSession

    return set(RefreshSession.objects.values_list("pk", flat=True))


def version(user):
    from twinlock.django.models import SecondFactorRecord

    return SecondFactorRecord.objects.filter(pk=user.pk).values_list("version", flat=True).first() or 0


def still_usable(run, users):
    """Whoever starts anew can sign in."""
    from mixed_worker import Person, Worker

    from twinlock.django import services
    from twinlock.errors import Refused

    worker = Worker(run.folder, run.users, -1, run.clock, 0)
    for user in users:
        with suppress(Refused):  # nothing there to reset
            services.admin_reset(user)
        person = Person(run.folder, user)
        worker.enroll(person)
        time.sleep(1.1)  # the next step
        worker.do_otp(person)


def main():
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--database", choices=DATABASES, default=DATABASES[0])
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--kill", action="store_true")
    given = options.parse_args()
    with ExitStack() as stack:
        server = started(given.database, stack)
        if server:
            os.environ["TWINLOCK_TEST_DB"] = server.new_database()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twinlock-mixed-")))
        return run(given, server, folder)


def started(database, stack):
    from servers.mariadb import PrivateMariadb
    from servers.pgbouncer import PrivatePgbouncer
    from servers.postgres import PrivatePostgres

    if database == "sqlite":
        return None
    if database == "mariadb":
        return stack.enter_context(PrivateMariadb())
    postgres = stack.enter_context(PrivatePostgres())
    return postgres if database == "postgresql" else stack.enter_context(PrivatePgbouncer(postgres))


def run(given, server, folder):
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    import django
    from django.conf import settings

    django.setup()
    settings.TWINLOCK = {**settings.TWINLOCK, "POLICY": POLICY, "NOTICES": []}
    logging.getLogger("twinlock").setLevel(logging.CRITICAL)
    seconds = given.minutes * 60
    print(f"{PROCESSES} processes for {seconds:.0f} seconds on {given.database}", flush=True)
    began = Run(folder, server, given.kill)
    began.users = users = prepared()
    before = {user.pk: version(user) for user in users}
    began.end = time.time() + seconds
    failed = began.work()
    found, outcomes = problems(began, users, before, failed)
    still_usable(began, users[:1])
    for outcome, times in sorted(outcomes.items()):
        print(f"{times:7} {outcome}")
    print(f"killed: {began.killed}")
    for sentence in found:
        print(f"BROKEN: {sentence}")
    print("every invariant holds" if not found else "NOT every invariant holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
