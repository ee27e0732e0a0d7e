#!/bin/sh
# Brings the catalogs of the Django app up to date with the sources, and compiles them: sentences that came are
# added without a translation, those that went are left out. Says which ones a translator has to write; then run
# it again. Needs gettext (Debian package gettext) and an environment with Django.
#   scripts/messages.sh [PYTHON]
set -eu
cd "$(dirname "$0")/.."
python=$(realpath -s "${1:-.venv/bin/python}")
locale=$PWD/python/twinlock/django/locale

if ! command -v xgettext >/dev/null 2>&1; then
    echo "error: xgettext was not found; on Debian and Ubuntu it comes with the package gettext" >&2
    exit 1
fi

# One catalog for both packages, since only twinlock.django is an app of Django's. The interpreter is isolated
# because the folder that is read has a `django` of its own.
(
    cd python/twinlock
    "$python" -I - "$locale" <<'END'
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages


class Command(makemessages.Command):
    # The translation of a sentence that merely looks alike is worse than none.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]


settings.configure(LOCALE_PATHS=[sys.argv[1]])
call_command(
    Command(),
    locale=["de", "fr", "es", "ja", "hi"],
    ignore_patterns=["cli/*", "stores/*"],
    add_location="file",
    no_obsolete=True,
    verbosity=0,
)
END
)

missing=0
for catalog in "$locale"/*/LC_MESSAGES/django.po; do
    language=$(basename "$(dirname "$(dirname "$catalog")")")
    msgfmt --check -o "${catalog%.po}.mo" "$catalog"
    lost=$(msgattrib --untranslated --no-wrap "$catalog" | sed -n '/^$/,$s/^msgid //p')
    [ -z "$lost" ] && continue
    missing=1
    echo "$lost" | sed "s/^/$language has no translation of /"
done
exit $missing
