"""Makes users with an authenticator and opens a sign-in of each: one "challenge secret" a line."""

import sys
import time
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from people import make_users  # noqa: E402

from twinlock import totp  # noqa: E402
from twinlock.django import services  # noqa: E402
from twinlock.errors import Refused  # noqa: E402


def main(count: int) -> None:
    """Opens a sign-in for each."""
    for user, secret in enrolled(count):
        print(services.begin_sign_in(user).challenge, secret)


def enrolled(count: int) -> Iterator[tuple[Any, str]]:
    """So many users and their secrets."""
    for user in make_users(count):
        secret = services.begin_enrollment(user).secret
        confirm(user, secret)
        yield user, secret


def confirm(user: object, secret: str) -> None:
    """With the code of the step before: the present one stays unused. Again where a step ended meanwhile."""
    for last in (False, True):
        try:
            services.confirm_enrollment(user, totp.generate(secret, now=int(time.time()) - 30))
        except Refused:
            if last:
                raise
        else:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
