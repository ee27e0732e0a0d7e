"""What a call raises, for tests that look at it."""

from collections.abc import Callable
from typing import Any

import pytest

from twinlock import ArgumentFault, Refused, TwinlockError


def refusal(call: Callable[[], Any]) -> str:
    """The code of a refusal."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def fault(call: Callable[[], Any], kind: type[TwinlockError] = ArgumentFault) -> tuple[str, Any]:
    """The code of a fault, and what it is about."""
    with pytest.raises(kind) as caught:
        call()
    return caught.value.code, getattr(caught.value, "about", None)
