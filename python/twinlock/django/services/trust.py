"""Trusted devices: a token that takes the place of the second factor for a while.

The core binds a token to the record and its epoch, lists it there and gives another one at each use. What a
client holds is that token with a MAC under the user's present password beside it, so that it is void after
any change of the password, by whichever way the change came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from twinlock.errors import Fault, Refused

from .. import audit, signals, users
from ..frames import without_locals
from ..notices import notify
from ..store import read
from .build import second_factor
from .events import tell, typed

if TYPE_CHECKING:
    from twinlock import Proof, TrustToken

NAME_MAX = 60
TOKEN_MAX = 2048


class Trust(NamedTuple):
    """What a client of a trusted device keeps. Its repr shows no token."""

    id: str
    token: str
    expires_at: int

    def __repr__(self) -> str:
        return f"Trust(id={self.id!r})"


@without_locals
def trust_device(
    user: Any, proof: Proof, name: str = "", *, request: Any = None, sender: Any = None
) -> Trust | None:
    """Trusts the device on which the proof's second factor was shown. Call it before tokens are minted.

    The sign-in stands whatever comes of it: None where the device is not trusted, because the policy has none
    or the store failed; the audit log says why. Characters that no name has are left out of `name`.
    """
    subject = users.subject_of(user)
    try:
        with audit.watched("trust", subject, request):
            token = second_factor().trust_device(subject, proof, _name(name))
    except (Refused, Fault):
        return None
    audit.event("device_trusted", subject, request=request, device=token.id)
    tell(signals.device_trusted, user=user, request=request, sender=sender, device=token.id)
    notify(user, "device_trusted")
    return for_client(user, token)


@without_locals
def for_client(user: Any, token: TrustToken) -> Trust:
    """The core's token as the client keeps it."""
    return Trust(token.id, f"{token.token}.{users.credential_mac(user, token.token)}", token.expires_at)


@without_locals
def from_client(user: Any, shown: Any) -> str | None:
    """The core's token in what a client shows; None unless it was given under the user's present password."""
    if not isinstance(shown, str) or len(shown) > TOKEN_MAX:
        return None
    token, _, mac = typed(shown).rpartition(".")
    return token if users.has_credential_mac(user, token, mac) else None


def revoke_trusted_device(user: Any, device_id: str, *, request: Any = None, sender: Any = None) -> None:
    """Ends the trust in one device. Refused: `device_unknown`."""
    subject = users.subject_of(user)
    with audit.watched("trust", subject, request):
        second_factor().revoke_trusted_devices(subject, typed(device_id))
    _revoked(user, device_id, request, sender)


def revoke_trusted_devices(user: Any, *, request: Any = None, sender: Any = None) -> None:
    """Ends the trust in all devices; nothing happens for a user without a record."""
    subject = users.subject_of(user)
    if read(subject) is None:
        return
    with audit.watched("trust", subject, request):
        second_factor().revoke_trusted_devices(subject)
    _revoked(user, None, request, sender)


def _revoked(user: Any, device_id: str | None, request: Any, sender: Any) -> None:
    audit.event("trust_revoked", users.subject_of(user), request=request, device=device_id)
    tell(signals.trust_revoked, user=user, request=request, sender=sender, device=device_id)


def _name(text: str) -> str:
    """What is left of a text as a device's name."""
    kept = "".join(char for char in text if char.isprintable() and char != ":")
    return kept.encode()[:NAME_MAX].decode(errors="ignore").strip() or _("Trusted device")
