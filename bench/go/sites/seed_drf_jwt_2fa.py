"""Makes users with an authenticator and opens a sign-in of each: one "challenge secret" a line."""

import sys

import django

django.setup()

from drf_jwt_2fa.models import UserTwoFactorAuthData  # noqa: E402
from drf_jwt_2fa.token_manager import CodeTokenManager  # noqa: E402
from drf_jwt_2fa.totp import generate_totp_secret  # noqa: E402
from people import make_users  # noqa: E402


def main(count: int) -> None:
    """Enrolls by the package's own model."""
    for user in make_users(count):
        secret = generate_totp_secret()
        data = UserTwoFactorAuthData(user=user, preferred_2fa_auth="totp")
        data.set_totp_secret(secret)
        data.save()
        print(CodeTokenManager().create_code_token(user), secret)


if __name__ == "__main__":
    main(int(sys.argv[1]))
