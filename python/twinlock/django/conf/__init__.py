"""The settings: one dict `TWINLOCK`, read when it is needed; `override_settings` just works.

`from twinlock.django.conf import settings` and read `settings.KEYS`, `settings.JWT.SIGNING_KEY` and so on.
The classes that `Settings` is made of are the table: each row is a name, a kind, a default and a sentence,
and `docs/settings.md` is made from them. The settings of django-totp (`TOTP_ISSUER`, `SITE_NAME`, …) are
understood where `TWINLOCK` says nothing.
"""

from __future__ import annotations

from typing import Any

from .devices import DeviceSettings
from .enforcement import EnforcementSettings
from .engine import EngineSettings
from .kinds import Group, Setting, kept_values, twinlock
from .limits import LimitSettings
from .mail import MailSettings
from .pages import PageSettings
from .tokens import TokenSettings

__all__ = ["Settings", "settings"]


class Settings(
    EngineSettings,
    TokenSettings,
    DeviceSettings,
    EnforcementSettings,
    LimitSettings,
    MailSettings,
    PageSettings,
):
    """The typed view of `TWINLOCK`. It holds no state of its own."""

    @classmethod
    def table(cls) -> dict[str, Setting[Any]]:
        """All settings by name, in the order of the reference."""
        rows = {name: row for part in cls.__mro__ for name, row in vars(part).items()}
        return {name: row for name, row in rows.items() if isinstance(row, Setting)}

    def state(self) -> object:
        """An object that stays the same for as long as the settings do."""
        return kept_values()

    def unknown(self) -> list[str]:
        """The names in `TWINLOCK` that mean nothing, such as a misspelled one."""
        found, rows = twinlock(), self.table()
        groups = [(name, row) for name, row in rows.items() if isinstance(row, Group)]
        outer = [f"TWINLOCK[{name!r}]" for name in found if name not in rows]
        return outer + [name for key, group in groups for name in group.unknown(key, found)]


settings = Settings()
