"""Makes users with an authenticator and opens a sign-in of each: one "challenge secret" a line."""

import sys
import time

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402

from twinlock import totp  # noqa: E402
from twinlock.django import services  # noqa: E402


def main(count: int) -> None:
    """Enrolls with the code of the step before, so that the present one is unused; hashes no passwords."""
    call_command("migrate", verbosity=0)
    model = get_user_model()
    users = model.objects.bulk_create([model(username=f"user{n}") for n in range(count)], batch_size=500)
    for user in users:
        secret = services.begin_enrollment(user).secret
        services.confirm_enrollment(user, totp.generate(secret, now=int(time.time()) - 30))
        print(services.begin_sign_in(user).challenge, secret)


if __name__ == "__main__":
    main(int(sys.argv[1]))
