"""Exceptions whose frames hold no secret: what error reporters collect besides the message and the lines.

Reporters read the local variables of every frame of a traceback. Below a service those are codes, tokens,
secrets and passwords under any name, in frames of ours, of Django and of whatever is called, so no list of
names covers them: they are cleared instead. Files, lines and functions stay.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def clear_frames(error: BaseException) -> None:
    """Empties the frames that the exception, its causes and its contexts passed, but for running ones."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        found = left.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            traceback.clear_frames(found.__traceback__)
            left += [found.__cause__, found.__context__]


def without_locals(call: Callable[P, R]) -> Callable[P, R]:
    """Marks a call that is given or returns secrets: what it raises carries none of them in its frames."""

    @functools.wraps(call)
    def cleared(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except BaseException as error:
            del args, kwargs  # the one frame here that still runs
            clear_frames(error)
            raise

    return cleared
