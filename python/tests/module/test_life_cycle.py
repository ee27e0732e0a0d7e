"""STO-07: random lives of a second factor beside a small model of what may happen; nothing else happens.

The model knows what was given out and what was used up. It decides which answers must be granted, which must
be refused, and where a refusal for time or failures is the only other way.
"""

import hypothesis
import pyotp
from hypothesis import strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from twinlock import Engine, KeyRing, Policy, Refused, SecondFactor
from twinlock.stores import MemoryStore

START, STEP, WINDOW = 1_800_000_000, 30, 1
FAILURES = 4
SUBJECT = "42"
LIMITS = {"locked", "factor_disabled"}
numbers = strategies.integers(0, 20)
waits = strategies.sampled_from([30, 0, 29, 31])


class Life(RuleBasedStateMachine):
    """One subject, from nothing to whatever chance does."""

    def __init__(self):
        super().__init__()
        options = {"failures_before_lock": FAILURES, "lock_seconds": 60, "failures_per_day": 50}
        engine = Engine(KeyRing.generate(), Policy("Acme", window=WINDOW, **options))
        self.auth = SecondFactor(engine, MemoryStore())
        self.now, self.epoch = START, 0
        self.pending = self.secret = None
        self.pending_since = self.last_step = 0
        self.codes, self.spent = [], []
        self.challenges = []  # token, epoch, when
        self.dead = []
        self.failures = 0

    @property
    def on(self):
        return self.secret is not None

    def status(self):
        return self.auth.status(SUBJECT, now=self.now)

    def refusal(self, call, *args, **more):
        """The refusal's code, or None with the result kept."""
        try:
            self.result = call(*args, **more, now=self.now)
        except Refused as refused:
            return refused.code
        return None

    def code(self, secret, steps=0):
        return pyotp.TOTP(secret).at(self.now + steps * STEP)

    def wrong(self):
        near = {
            self.code(secret, steps)
            for secret in {self.secret, self.pending} - {None}
            for steps in range(-3, 4)
        }
        return next(text for text in map("{:06}".format, range(100)) if text not in near)

    def turned_off(self):
        self.secret = self.pending = None
        self.codes, self.spent, self.failures = [], [], 0

    def ends_what_was_before(self):
        """The epoch moved, on which tokens and trusted devices hang, and open challenges are dead."""
        epoch = self.status().epoch
        assert epoch > self.epoch
        self.epoch = epoch
        self.dead += [token for token, *_ in self.challenges]
        self.challenges = []

    def locked(self):
        until = self.status().locked_until
        return until is not None and until > self.now

    @rule(seconds=strategies.sampled_from([1, 29, 30, 31, 61, 700, 86_400]))
    def time_passes(self, seconds):
        self.now += seconds

    @rule()
    def begin_enrollment(self):
        refused = self.refusal(self.auth.begin_enrollment, SUBJECT, account="a@example.com")
        assert refused == ("already_enrolled" if self.on else None)
        if refused is None:
            assert self.result.secret != self.pending, "a secret is never given out twice"
            self.pending, self.pending_until = self.result.secret, self.result.expires_at

    @rule(right=strategies.sampled_from([True, True, False]))
    def confirm(self, right):
        if right and not self.pending and not self.on:
            self.begin_enrollment()
        code = self.code(self.pending) if right and self.pending else self.wrong()
        refused = self.refusal(self.auth.confirm_enrollment, SUBJECT, code)
        if refused is not None:
            good = right and self.pending and not self.on and self.now < self.pending_until
            assert not good or refused in {"no_pending_enrollment", *LIMITS}, refused
            return
        assert right
        assert self.pending
        assert not self.on
        assert self.now <= self.pending_until
        self.secret, self.pending, self.last_step = self.pending, None, self.now // STEP
        self.codes, self.spent, self.failures = list(self.result.backup_codes), [], 0
        self.ends_what_was_before()

    @rule()
    def begin_sign_in(self):
        assert self.refusal(self.auth.begin_sign_in, SUBJECT) is None
        assert self.result.outcome == ("challenge" if self.on else "proof")
        if self.on:
            self.challenges.append((self.result.challenge, self.now))

    def challenge(self, pick):
        if not self.challenges:
            self.begin_sign_in()
        return self.challenges[pick % len(self.challenges)]

    def granted(self, challenge):
        self.challenges = [entry for entry in self.challenges if entry[0] != challenge]
        self.dead.append(challenge)
        self.failures = 0

    @precondition(lambda self: self.on)
    @rule(pick=numbers, steps=strategies.sampled_from([0, 0, 1, -1, 2, -2]), wait=waits)
    def answer_with_a_code(self, pick, steps, wait):
        self.now += wait
        challenge, since = self.challenge(pick)
        step, locked = self.now // STEP + steps, self.locked()
        refused = self.refusal(self.auth.finish_sign_in, challenge, otp=self.code(self.secret, steps))
        fresh = self.on and step > self.last_step and abs(steps) <= WINDOW
        if refused is None:
            assert fresh
            assert not locked
            self.last_step = step
            self.granted(challenge)
        elif fresh and not locked and self.now - since < 60:
            assert refused in {"challenge_spent", "factor_disabled"}, refused

    @precondition(lambda self: self.on)
    @rule(pick=numbers)
    def answer_wrong(self, pick):
        challenge, _ = self.challenge(pick)
        locked = self.locked()
        refused = self.refusal(self.auth.finish_sign_in, challenge, otp=self.wrong())
        assert refused is not None
        if refused == "wrong_code":
            assert not locked
            self.failures += 1
            if self.failures >= FAILURES:
                assert self.locked()

    @precondition(lambda self: self.codes)
    @rule(pick=numbers, which=numbers)
    def answer_with_a_backup_code(self, pick, which):
        challenge, since = self.challenge(pick)
        code, locked = self.codes[which % len(self.codes)], self.locked()
        refused = self.refusal(self.auth.finish_sign_in, challenge, backup=code)
        if refused is None:
            assert not locked
            self.codes.remove(code)
            self.spent.append(code)
            self.granted(challenge)
        elif not locked and self.now - since < 60:
            assert refused in {"challenge_spent", "factor_disabled"}, refused

    @precondition(lambda self: self.spent)
    @rule(pick=numbers, which=numbers)
    def answer_with_a_spent_backup_code(self, pick, which):
        challenge, _ = self.challenge(pick)
        assert self.refusal(self.auth.finish_sign_in, challenge, backup=self.spent[which % len(self.spent)])

    @precondition(lambda self: self.dead)
    @rule(pick=numbers, steps=strategies.integers(-1, 1))
    def answer_a_dead_challenge(self, pick, steps):
        code = self.code(self.secret, steps) if self.on else "123456"
        assert self.refusal(self.auth.finish_sign_in, self.dead[pick % len(self.dead)], otp=code)

    @precondition(lambda self: self.on)
    @rule(right=strategies.booleans(), wait=waits)
    def disable(self, right, wait):
        self.now += wait
        code = self.code(self.secret) if right else self.wrong()
        locked, fresh = self.locked(), self.now // STEP > self.last_step
        refused = self.refusal(self.auth.disable, SUBJECT, otp=code)
        if refused is None:
            assert right
            assert fresh
            assert not locked
            self.die()
        elif refused == "wrong_code":
            self.failures += 1

    @precondition(lambda self: self.on)
    @rule(wait=waits)
    def regenerate(self, wait):
        self.now += wait
        fresh, locked = self.now // STEP > self.last_step, self.locked()
        refused = self.refusal(self.auth.regenerate_backup_codes, SUBJECT, otp=self.code(self.secret))
        if refused is None:
            assert fresh
            assert not locked
            self.spent, self.codes = self.spent + self.codes, list(self.result)
            self.last_step, self.failures = self.now // STEP, 0

    @rule(really=strategies.sampled_from([False, False, False, True]))
    def reset(self, really):
        if really and self.refusal(self.auth.admin_reset, SUBJECT) is None:
            self.die()

    def die(self):
        self.ends_what_was_before()
        self.turned_off()

    @precondition(lambda self: self.on)
    @rule()
    def move_the_epoch(self):
        assert self.refusal(self.auth.bump_epoch, SUBJECT) is None
        self.ends_what_was_before()

    @precondition(lambda self: self.on)
    @rule()
    def unlock(self):
        assert self.refusal(self.auth.unlock, SUBJECT) is None
        assert not self.locked()
        self.failures = 0

    @invariant()
    def what_is_shown_is_what_is(self):
        status = self.status()
        assert status.enabled == self.on
        assert status.backup_codes_left == len(self.codes)
        assert status.epoch >= self.epoch, "an epoch never goes back"
        self.epoch = status.epoch


Life.TestCase.settings = hypothesis.settings(
    max_examples=120, stateful_step_count=50, deadline=None, derandomize=True, database=None
)
TestLife = Life.TestCase
