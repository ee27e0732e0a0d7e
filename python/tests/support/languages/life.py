"""Plays the lives of ``tests/vectors/life.json``, each step by the next actor in turn.

A step is a ``call`` ``with`` arguments, ``at`` so many seconds after the start. What it has to end with is
either ``gives``, which names every fact, or ``refused``. ``keep`` gives facts a name for later steps:
``$codes.3`` is the fourth of kept backup codes, ``$code(phone, 30)`` what an authenticator with the kept
secret shows then, ``$wrong(phone, 30)`` a code that it never shows near then, ``$hotp(key, 5)`` what a
counter device shows. In what is expected, ``+30`` is a time after the start, ``*`` anything, a number for a
list its length, and of an object only the members that are named count.
"""

import json
import re
from functools import reduce

import pyotp

START = 1_800_000_000
# Calls that change nothing: every actor on stage makes them, and must say the same.
LOOKS = {"check_enrollment", "is_trusted", "require_step_up", "status", "verify"}
REFERENCE = re.compile(r"\$(?:(code|wrong|hotp)\((\w+), (-?\d+)\)|(\w+)(?:\.(\d+))?)")


class Life:
    """One subject, whose record goes from hand to hand."""

    def __init__(self, script, actors):
        self._script = script
        self._actors = actors
        self._kept = {}
        self._record = ""

    def play(self):
        for actor in self._actors:
            actor.configure(self._script["options"])
        for number, step in enumerate(self._script["steps"]):
            self._step(number, step)

    def _step(self, number, step):
        if step["call"] == "configure":
            for actor in self._actors:
                actor.configure(self._script["options"] | step["with"])
            return
        first = number % len(self._actors)
        turn = self._actors[first:] + self._actors[:first]
        answers = [(actor, self._ask(actor, step)) for actor in (turn if step["call"] in LOOKS else turn[:1])]
        actor, answer = answers[0]
        for other, same in answers[1:]:
            assert same == answer, f"{other.language} and {actor.language} differ in step {number}: {step}"
        said = f"step {number} in {actor.language}: {json.dumps(step)}\ngave {json.dumps(answer)}"
        ending = (step.get("refused", "ok"), step.get("retry_after", 0))
        assert (answer["verdict"], answer["retry_after"]) == ending, said
        self._record = answer["record"]
        kept = step.get("keep", {})
        for name, path in kept.items():
            self._kept[name] = reduce(dict.__getitem__, path.split("."), answer["facts"])
        gives = step.get("gives", {})
        assert set(answer["facts"]) == set(gives) | {path.split(".")[0] for path in kept.values()}, said
        assert self._fits(gives, answer["facts"]), said

    def _ask(self, actor, step):
        arguments = {name: self._resolve(value) for name, value in step.get("with", {}).items()}
        common = {"subject": "alice", "now": START + step["at"], "record": self._record}
        return actor.play(step["call"], common | arguments)

    def _fits(self, expected, got):
        if isinstance(expected, dict):
            return isinstance(got, dict) and all(self._fits(want, got.get(k)) for k, want in expected.items())
        if isinstance(got, list):
            if isinstance(expected, int):
                return len(got) == expected
            return len(got) == len(expected) and all(map(self._fits, expected, got))
        if isinstance(expected, str) and expected.startswith("+"):
            return got == START + int(expected)
        if expected == "*":
            return got is not None
        return got == (self._resolve(expected) if isinstance(expected, str) else expected)

    def _resolve(self, text):
        return REFERENCE.sub(self._refer, text)

    def _refer(self, found):
        device, secret, number, name, index = found.groups()
        if device:
            return DEVICES[device](self._kept[secret], int(number))
        return self._kept[name] if index is None else self._kept[name][int(index)]


def _code(secret, seconds):
    return pyotp.TOTP(secret).at(START + seconds)


def _wrong(secret, seconds):
    near = {_code(secret, seconds + 30 * steps) for steps in range(-4, 5)}
    return next(code for code in map("{:06}".format, range(10)) if code not in near)


def _hotp(secret, counter):
    return pyotp.HOTP(secret).at(counter)


DEVICES = {"code": _code, "wrong": _wrong, "hotp": _hotp}
