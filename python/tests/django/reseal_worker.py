"""A process that seals anew, slowly: it says each record that is stored. Its database and keys are given."""

import os
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
    settings.TWINLOCK["KEYS"] = os.environ["TEST_KEYS"]
    django.setup()
    from twinlock.django import statements

    replace = statements.replace

    def slowly(alias, pk, *given):
        stored = replace(alias, pk, *given)
        print("stored", pk, flush=True)
        time.sleep(0.01)
        return stored

    statements.replace = slowly
    call_command("twinlock_reseal", *sys.argv[1:])


if __name__ == "__main__":
    main()
