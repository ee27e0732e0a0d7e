"""One of the processes of `mixed_run.py`: random calls of the services, each noted in a journal.

A line of the journal is written by one system call when the service has answered, so what it says was
acknowledged, however the process ends.
"""

import datetime
import json
import os
import random
import time
from contextlib import suppress
from pathlib import Path

import pyotp
from clocked import ClockedEngine
from django.db import close_old_connections
from django.utils import timezone

from twinlock.django import services, store
from twinlock.django.faults import store_faults
from twinlock.django.models import SecondFactorRecord
from twinlock.django.services import build
from twinlock.errors import Refused, StoreFault

START, RATE, STEP = 1_800_000_000, 30, 30
VICTIM = "victim"
WORK = {
    "otp": 6, "again": 3, "wrong": 4, "backup": 2, "refresh": 8, "old_refresh": 1, "logout": 2, "status": 4,
    "rename": 1, "codes": 1, "disable": 1, "logout_all": 1, "reset": 1, "unlock": 2, "victim": 3,
}  # fmt: skip


class Clock:
    """Runs fast, so that there are new codes all the time; alike in every process."""

    def __init__(self, began):
        self.began = began

    @property
    def now(self):
        return START + int((time.time() - self.began) * RATE)

    def install(self):
        make = build.build_engine
        build.build_engine = lambda *args: ClockedEngine(make(*args), self)
        utc = datetime.timezone.utc
        timezone.now = lambda: datetime.datetime.fromtimestamp(self.now, tz=utc)


class Person:
    """An account whose secret and backup codes all processes find in one file."""

    def __init__(self, folder, user):
        self.user = user
        self.path = folder / f"{user.username}.json"

    def known(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {"secret": "", "codes": []}

    def learn(self, **news):
        draft = self.path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps({**self.known(), **news}))
        draft.replace(self.path)


class Worker:
    """Works until the time is over."""

    def __init__(self, folder: Path, users: list, number: int, clock: Clock, end: float) -> None:
        self.random = random.Random(number)
        self.clock, self.end = clock, end
        self.journal = os.open(folder / f"journal.{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.people = {user.username: Person(folder, user) for user in users}
        self.victim = self.people.pop(VICTIM)
        self.used: list[tuple[str, str]] = []
        self.sessions: list[tuple[Person, list[str]]] = []
        self.versions: dict[str, int] = {}
        save = store.DjangoStore.save
        store.DjangoStore.save = lambda *given: self._noted(given[1], save(*given))

    def run(self):
        names, weights = zip(*WORK.items(), strict=True)
        while time.time() < self.end:
            [name] = self.random.choices(names, weights)
            person = self.random.choice(list(self.people.values()))
            began = time.monotonic()
            close_old_connections()  # as Django does at each request: one that broke is opened anew
            try:
                getattr(self, f"do_{name}")(person)
                outcome = name
            except Refused as refused:
                outcome = f"{name}: {refused.code}"
            except StoreFault as fault:
                outcome = f"fault {fault.__cause__!r}"
                self.note("fault")
                time.sleep(0.05)
            self.note("outcome", outcome, round(time.monotonic() - began, 3))

    def note(self, *what):
        os.write(self.journal, (json.dumps(what) + "\n").encode())

    def accepted(self, person, kind, code):
        self.note("accepted", person.user.username, kind, code)

    def _noted(self, subject, stored):
        if stored:
            self.note("saved", subject)
        return stored

    def code(self, person):
        """The present code, and what names it: the secret and the step."""
        secret, step = person.known()["secret"], self.clock.now // STEP
        return (pyotp.TOTP(secret).at(step * STEP), f"{secret} {step}") if secret else ("", "")

    def do_otp(self, person):
        began = services.begin_sign_in(person.user)
        if began.proof is not None:
            self.enroll(person)
            return
        code, name = self.code(person)
        _, tokens = services.finish_with_session(began.challenge, otp=code)
        self.accepted(person, "otp", name)
        self.accepted(person, "challenge", began.challenge)
        self.note("session", services.engine().verify(tokens.refresh, "refresh")["fam"])
        self.used = [*self.used[-5:], (began.challenge, code)]
        self.sessions.append((person, [tokens.refresh]))

    def enroll(self, person):
        setup = services.begin_enrollment(person.user)
        step = self.clock.now // STEP
        code = pyotp.TOTP(setup.secret).at(step * STEP)
        codes = services.confirm_enrollment(person.user, code).backup_codes
        self.accepted(person, "otp", f"{setup.secret} {step}")
        person.learn(secret=setup.secret, codes=codes)

    def do_again(self, person):
        if self.used:
            services.finish_sign_in(self.used[-1][0], otp=self.used[-1][1])
            self.note("broken", "a challenge and a code were good twice")

    def do_wrong(self, person):
        challenge = services.begin_sign_in(person.user).challenge
        if challenge is not None:
            services.finish_sign_in(challenge, otp="000000" if self.code(person)[0] != "000000" else "1")

    def do_victim(self, person):
        challenge = services.begin_sign_in(self.victim.user).challenge
        try:
            services.finish_sign_in(challenge, backup="never-right")
        except Refused as refused:
            if refused.code == "wrong_code":
                self.note("counted")
            raise

    def do_backup(self, person):
        challenge, codes = services.begin_sign_in(person.user).challenge, person.known()["codes"]
        if challenge is not None and codes:
            code = self.random.choice(codes)
            services.finish_sign_in(challenge, backup=code)
            self.accepted(person, "backup", code)

    def do_codes(self, person):
        code, name = self.code(person)
        codes = services.regenerate_backup_codes(person.user, otp=code)
        self.accepted(person, "otp", name)
        person.learn(codes=codes)

    def do_disable(self, person):
        code, name = self.code(person)
        services.disable(person.user, otp=code)
        self.accepted(person, "otp", name)

    def do_reset(self, person):
        services.admin_reset(person.user)

    def do_unlock(self, person):
        services.unlock(person.user)

    def do_rename(self, person):
        devices = services.status(person.user).devices
        if devices:
            services.rename_device(person.user, devices[0].id, f"phone {self.random.random():.6f}")

    def do_logout_all(self, person):
        services.logout_all(person.user)
        mine = [tokens for owner, tokens in self.sessions if owner is person]
        self.sessions = [session for session in self.sessions if session[0] is not person]
        for tokens in mine:
            self.refused(tokens[-1], "after logout everywhere")

    def do_refresh(self, person):
        if self.sessions:
            session = self.random.choice(self.sessions)
            try:
                session[1].append(services.refresh(session[1][-1]).refresh)
            except Refused:
                self.sessions.remove(session)
                raise

    def do_old_refresh(self, person):
        long = [session for session in self.sessions if len(session[1]) > 2]
        if long:
            session = self.random.choice(long)
            self.sessions.remove(session)
            self.refused(session[1][0], "long after its exchange")
            self.refused(session[1][-1], "after its session was found stolen")

    def do_logout(self, person):
        if self.sessions:
            _, tokens = self.sessions.pop()
            with suppress(Refused):  # over already
                services.logout(tokens[-1])
            self.refused(tokens[-1], "after logout")

    def refused(self, token, when):
        with suppress(Refused):
            services.refresh(token)
            self.note("broken", f"a token was exchanged {when}")

    def do_status(self, person):
        services.status(person.user)
        with store_faults:
            row = SecondFactorRecord.objects.filter(pk=person.user.pk)
            found = row.values_list("version", flat=True).first()
        if (found or 0) < self.versions.get(person.user.username, 0):
            self.note("broken", "a version went back")
        self.versions[person.user.username] = found or 0
