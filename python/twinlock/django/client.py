"""What a request says about the client that sent it: its address, and a label that its owner recognizes."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from .conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Place = tuple[Address, str] | tuple[None, None]

NOWHERE: Place = (None, None)
"""The address that is none, with its text."""
LABEL_MAX = 200
PRODUCT_MAX = 60
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks in a User-Agent; each browser comes before those whose marks it shows, too."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def address(request: Any) -> Address | None:
    """The address of what connected to us, or what the trusted proxies say connected to them.

    `X-Forwarded-For` is the client's to write, all but the last TWINLOCK["TRUSTED_PROXIES"] entries. None
    outside a request and where the server knows no address, as behind a socket file.
    """
    return _place(request)[0]


def address_text(request: Any) -> str | None:
    """The same as a text."""
    return _place(request)[1]


def label(request: Any, device: str = "") -> str:
    """A short text of printable characters such as "Firefox on Linux" or "Ann's phone (okhttp/4.12.0)".

    `device` is what the client calls itself. Both parts are the client's to choose, so neither is evidence.
    """
    agent = _agent(printable(str(getattr(request, "META", {}).get("HTTP_USER_AGENT", ""))))
    name = printable(device)
    text = f"{name[: LABEL_MAX - PRODUCT_MAX]} ({agent})" if name and agent else name or agent
    return text[:LABEL_MAX]


def printable(text: str) -> str:
    """The text on one line, without control characters and marks that turn the direction of writing."""
    return "".join(filter(str.isprintable, " ".join(text.split()))).strip()


def _agent(agent: str) -> str:
    browser, system = _seen(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or agent.partition(" ")[0][:PRODUCT_MAX]


@lru_cache(maxsize=256)
def _seen(agent: str) -> tuple[str, str]:
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    return browser, next((name for mark, name in SYSTEMS if mark in agent), "")


def _place(request: Any) -> Place:
    meta = getattr(request, "META", {})
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hops = str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        forwarded = _parsed(hops[-proxies].strip()) if len(hops) >= proxies else NOWHERE
        if forwarded is not NOWHERE:
            return forwarded
    return _parsed(str(meta.get("REMOTE_ADDR", "")))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Place:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return NOWHERE
    found = getattr(found, "ipv4_mapped", None) or found
    return found, str(found)
