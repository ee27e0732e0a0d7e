"""One of many processes that use one store at the same time. Told by a line of JSON, answers with one.

Work "race": one save of version 0, then one of version 1. Work "mixed": calls of every kind on few subjects
for some seconds, on a clock that runs fast so that there are new codes all the time.
"""

import json
import random
import sys
import time
from collections import Counter
from typing import Any

import any_store

from twinlock import Engine, KeyRing, Policy, Refused, SecondFactor, StoreFault, totp

CLOCK_RATE = 300


class Counting:
    """A store that counts for each subject how often a save won."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.won: Counter[str] = Counter()

    def load(self, subject: str) -> tuple[bytes, int] | None:
        """As the store does."""
        return self.inner.load(subject)

    def save(self, subject: str, record: bytes, expected_version: int) -> bool:
        """As the store does."""
        stored: bool = self.inner.save(subject, record, expected_version)
        self.won[subject] += stored
        return stored


def race(store: Any, told: dict[str, Any]) -> list[bool]:
    """Who is first to insert the row, and who is first to replace it. A gate opens each."""
    record = str(told["number"]).encode()
    won = []
    for version in (0, 1):
        sys.stdin.readline()
        won.append(store.save("raced", record, version))
        print(json.dumps(won[-1]), flush=True)
    return won


class Mixed:
    """Calls in random order, and what came of them."""

    def __init__(self, store: Any, told: dict[str, Any]) -> None:
        self.store = Counting(store)
        policy = Policy("Acme", **told["policy"])
        self.auth = SecondFactor(Engine(KeyRing.parse(told["keys"]), policy), self.store, attempts=30)
        self.told = told
        self.random = random.Random(told["number"])
        self.accepted: list[list[Any]] = []
        self.outcomes: Counter[str] = Counter()

    def run(self) -> dict[str, Any]:
        """Works until the time is over."""
        end = time.time() + self.told["seconds"]
        while time.time() < end:
            try:
                self._one(self.random.choice(list(self.told["people"])))
            except Refused as refused:
                self.outcomes[refused.code] += 1
            except StoreFault as fault:
                self.outcomes[f"fault {fault.__cause__!r}"] += 1
        return {"accepted": self.accepted, "outcomes": self.outcomes, "won": self.store.won}

    def _one(self, subject: str) -> None:
        person = self.told["people"][subject]
        now = self.told["start"] + int((time.time() - self.told["began"]) * CLOCK_RATE)
        work = self.random.choice(["otp", "otp", "backup", "wrong", "wrong", "status", "bump", "unlock"])
        if work == "status":
            self.auth.status(subject, now=now)
        elif work == "bump":
            self.auth.bump_epoch(subject, now=now)
        elif work == "unlock":
            self.auth.unlock(subject, now=now)
        else:
            challenge = self.auth.begin_sign_in(subject, now=now).challenge
            assert challenge is not None
            if work == "backup":
                code = self.random.choice(person["backup_codes"])
                self.auth.finish_sign_in(challenge, backup=code, now=now)
            else:
                code = totp.generate(person["secret"], now=now)
                near = {totp.generate(person["secret"], now=now + 30 * steps) for steps in range(-3, 4)}
                wrong = next(guess for guess in map("{:06}".format, range(8)) if guess not in near)
                self.auth.finish_sign_in(challenge, otp=wrong if work == "wrong" else code, now=now)
                code = f"{code} at {now // 30}"
            self.accepted.append([subject, work, code])
        self.outcomes[work] += 1


def main() -> None:
    """Does what the first line says, once it is told to go."""
    told = json.loads(sys.stdin.readline())
    store = any_store.make(told["kind"], told["where"])
    store.load("raced")
    print("ready", flush=True)
    if told["work"] == "race":
        race(store, told)
    else:
        sys.stdin.readline()
        print(json.dumps(Mixed(store, told).run()), flush=True)
    if hasattr(store, "close"):
        store.close()


if __name__ == "__main__":
    main()
