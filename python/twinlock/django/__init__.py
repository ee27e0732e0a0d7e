"""Two-factor authentication for Django.

Put `twinlock.django` into INSTALLED_APPS and `TWINLOCK = {"KEYS": …}` into the settings. `services` is the
only writer; views, commands and the admin call it. `conf` reads the settings, `checks` says at start what is
wrong with them, `store` keeps the sealed record in the table of `models`.
"""
