"""Makes users with an authenticator and opens a sign-in of each: one "challenge secret" a line."""

import sys

import django

django.setup()

from django_totp.auth import generate_challenge_token  # noqa: E402
from django_totp.encryption import encrypt  # noqa: E402
from django_totp.models import BackupCode, Totp  # noqa: E402
from django_totp.totp import generate_totp_secret  # noqa: E402
from people import make_users  # noqa: E402


def main(count: int) -> None:
    """Writes the rows as the endpoints would, ten backup codes each, without hashing passwords."""
    users = make_users(count)
    secrets = [generate_totp_secret() for _ in users]
    rows = Totp.objects.bulk_create(
        [Totp(user=u, secret_key=encrypt(s)) for u, s in zip(users, secrets, strict=True)], batch_size=500
    )
    code = encrypt("KSZkPtk3dSO59HfO")
    codes = (BackupCode(totp=row, code=code) for row in rows for _ in range(10))
    BackupCode.objects.bulk_create(list(codes), batch_size=500)
    for user, secret in zip(users, secrets, strict=True):
        print(generate_challenge_token(user), secret)


if __name__ == "__main__":
    main(int(sys.argv[1]))
