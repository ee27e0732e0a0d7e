"""The users of a site, whichever package it has."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command


def make_users(count: int) -> list[Any]:
    """So many, in new tables; hashes no passwords."""
    call_command("migrate", verbosity=0)
    model: Any = get_user_model()
    users: list[Any] = model.objects.bulk_create(
        [model(username=f"user{n}") for n in range(count)], batch_size=500
    )
    return users
