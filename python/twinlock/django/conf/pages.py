"""The settings of session sites: pages, middleware, admin site."""

from __future__ import annotations

from .kinds import Flag, Text, Words


class PageSettings:
    """How the pages look, and what is open without them."""

    PAGES_BASE_TEMPLATE = Text(
        "The template that Twinlock's pages extend, with the blocks `title` and `content`.",
        default="twinlock/pages/base.html",
    )
    EXEMPT_URLS = Words(
        "Names of URLs (`namespace:name`) that SecondFactorMiddleware leaves open to a session without its "
        "second factor, beside static files, Twinlock's pages and Django's logout.",
        default=("admin:logout", "admin:jsi18n", "set_language", "javascript-catalog"),
    )
    ADMIN_REQUIRES_SECOND_FACTOR = Flag(
        "Whether TwinlockAdminSite lets staff in only with a second factor, whatever `REQUIRED` says.",
        default=True,
    )
