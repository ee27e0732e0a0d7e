"""Request limits of the pages: posted forms are counted as requests to the endpoints are."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpResponse

from twinlock.django import answers
from twinlock.django.throttle import (
    CANNOT_COUNT,
    CANNOT_COUNT_CODE,
    CannotCount,
    address_of,
    count,
    user_of,
)

from . import texts


def refusal(request: Any, group: str) -> HttpResponse | None:
    """Counts what is posted, by its user or else by its address; the answer where that is too much."""
    if request.method != "POST":
        return None
    try:
        counted = count(user_of(request) or address_of(request), group)
    except CannotCount:
        return answers.unavailable(request, CANNOT_COUNT_CODE, CANNOT_COUNT)
    if counted.within:
        return None
    seconds = math.ceil(counted.ends_in)
    return answers.throttled(request, texts.too_many_requests(seconds), seconds)
