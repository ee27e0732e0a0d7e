"""Makes users with an authenticator: one "id secret" a line."""

import sys

from seed_twinlock import enrolled

if __name__ == "__main__":
    for user, secret in enrolled(int(sys.argv[1])):
        print(user.pk, secret)
