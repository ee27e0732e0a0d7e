"""What answers have in common that bring tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from twinlock import AccessToken, Proof, SignIn, SlidingToken, Tokens
from twinlock.django import services
from twinlock.django.moments import moment


def signed_in(request: Request, user: Any, proof: Proof, fields: Mapping[str, Any]) -> dict[str, str]:
    """Begins a session with the proof; returns its tokens as members of the answer.

    `fields` are those of the request, of which `device` is read.
    """
    return members(services.mint(user, proof, device=fields.get("device", ""), request=request))


def challenge(found: SignIn) -> dict[str, Any]:
    """What a client answers next. The code that was sent is not in it."""
    return {
        "totp_challenge_token": found.challenge,
        "methods": found.methods,
        "expires_at": moment(found.expires_at),
        "code_sent": found.outcome == "send",
        "gives": found.gives,
        "trust_available": found.gives == "sign_in" and services.engine().policy.trusted_devices > 0,
    }


def members(tokens: Tokens | AccessToken | SlidingToken) -> dict[str, str]:
    """The tokens as clients of simplejwt know them."""
    if isinstance(tokens, SlidingToken):
        return {"token": tokens.token}
    if isinstance(tokens, Tokens):
        return {"access": tokens.access, "refresh": tokens.refresh}
    return {"access": tokens.access}
