"""Users of the tests and their authenticators, which are pyotp and so not ours."""

import threading
import time
from itertools import count

import pyotp
from django.contrib.auth import get_user_model
from django.db import connections
from twins import shows_twins

from twinlock.django import services

PASSWORD = "correct horse battery"
_number = count(1)


class Phone:
    """An authenticator that shows no code twice; with a window of 2 steps, four of them fit into one step."""

    def __init__(self, uri):
        self.totp = pyotp.parse_uri(uri)
        self._step = 0

    def code(self):
        step = max(self._step + 1, self._now() - 1)
        while step > self._now() + 2:
            time.sleep(0.2)
        self._step = step
        return self.totp.at(step * 30)

    def wrong(self):
        near = {self.totp.at((self._now() + offset) * 30) for offset in range(-4, 5)}
        return next(text for text in (f"{number:06}" for number in count()) if text not in near)

    @staticmethod
    def _now():
        return int(time.time()) // 30


def make_user(**fields):
    number = next(_number)
    usual = {"username": f"user{number}", "email": f"user{number}@acme.example", "password": PASSWORD}
    return get_user_model().objects.create_user(**{**usual, **fields})


held = []


def hold(job):
    """A MAIL_SENDER that keeps the jobs."""
    held.append(job)


codes_sent = []


def keep_code(*given):
    """A CODE_SENDER that keeps what it is given, and the thread."""
    codes_sent.append((*given, threading.current_thread()))


def break_down(user, code, expires_at, origin):
    """A CODE_SENDER of a provider that is down; the code is in what it raises."""
    raise ConnectionError(code)


def enroll(user):
    """Turns the second factor on; returns the user's phone and backup codes."""
    while shows_twins((begun := services.begin_enrollment(user)).secret, time.time()):
        pass
    phone = Phone(begun.uri)
    return phone, services.confirm_enrollment(user, phone.code()).backup_codes


def sign_in(user, phone):
    """Signs in with a code; returns tokens."""
    challenge = services.begin_sign_in(user).challenge
    found, proof = services.finish_sign_in(challenge, otp=phone.code())
    return services.mint(found, proof)


def at_the_same_time(*calls):
    """Runs the calls in threads that start together; returns what each returned or raised."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        barrier.wait()
        try:
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
