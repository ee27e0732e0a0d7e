"""Makes users with an authenticator and opens a sign-in of each: one "challenge secret" a line."""

import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from drf_jwt_2fa.models import UserTwoFactorAuthData  # noqa: E402
from drf_jwt_2fa.token_manager import CodeTokenManager  # noqa: E402
from drf_jwt_2fa.totp import generate_totp_secret  # noqa: E402


def main(count: int) -> None:
    """Enrolls by the package's own model."""
    call_command("migrate", verbosity=0)
    model = get_user_model()
    users = model.objects.bulk_create([model(username=f"user{n}") for n in range(count)], batch_size=500)
    for user in users:
        secret = generate_totp_secret()
        data = UserTwoFactorAuthData(user=user, preferred_2fa_auth="totp")
        data.set_totp_secret(secret)
        data.save()
        print(CodeTokenManager().create_code_token(user), secret)


if __name__ == "__main__":
    main(int(sys.argv[1]))
