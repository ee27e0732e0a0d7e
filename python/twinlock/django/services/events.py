"""Telling others what was stored: the signal, after the commit."""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal

from ..models import SecondFactorRecord


def tell(signal: Signal, *, user: Any, request: Any, sender: Any, **extra: Any) -> None:
    """Sends a signal; a receiver that raises is logged by Django and breaks nothing."""
    signal.send_robust(sender=sender or SecondFactorRecord, request=request, user=user, **extra)


def typed(text: Any) -> Any:
    """What a user typed; text without a UTF-8 form (a lone surrogate) becomes text that matches nothing."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text
