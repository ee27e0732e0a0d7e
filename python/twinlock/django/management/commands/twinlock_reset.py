"""Turns second factors off for users who lost them."""

from __future__ import annotations

from twinlock.django import services
from twinlock.django.management.people import ChangingCommand


class Command(ChangingCommand):
    """For an operator who has made sure of who is asking."""

    help = (
        "Turns the second factor of users off, who lost it. Their tokens, trusted devices and open sign-ins "
        "end, and they are told by mail. Whoever must have a second factor sets one up at the next sign-in. "
        "Exit code 1: not done for all of them."
    )
    question = "Turn their second factor off?"
    done = "the second factor is off."
    action = "reset"
    act = staticmethod(services.admin_reset)
