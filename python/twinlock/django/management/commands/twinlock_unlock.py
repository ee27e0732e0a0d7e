"""Ends the locks of users who gave too many wrong codes."""

from __future__ import annotations

from twinlock.django import services
from twinlock.django.management.people import ChangingCommand


class Command(ChangingCommand):
    """For an operator who knows that the wrong codes were the user's own."""

    help = (
        "Ends every lock of the second factor of users and forgets their wrong codes. An attacker who causes "
        "the locks gets new tries, too. Exit code 1: not done for all of them."
    )
    question = "End their locks?"
    done = "not locked."
    action = "unlock"
    act = staticmethod(services.unlock)
