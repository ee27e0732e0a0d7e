"""What any second step through REST framework costs: the two statements by hand, and no second factor.

It reads a user with the record, writes the record back over its version together with a session, each in
one statement, and answers as much as a pair of tokens is. The challenge is the user's id; the code is not
looked at.
"""
# ruff: noqa: S608

import secrets
from typing import Any

from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

READ = (
    "SELECT u.id, u.username, u.password, u.is_active, r.record, r.version FROM auth_user u "
    "JOIN twinlock_secondfactorrecord r ON r.user_id = u.id WHERE u.id = %s"
)
REPLACE = (
    "UPDATE twinlock_secondfactorrecord SET record = {}, version = version + 1 "
    "WHERE user_id = {} AND version = {}"
)
INSERT = (
    "INSERT INTO twinlock_refreshsession (id, user_id, state, version, epoch, credential, device, "
    "created_at, last_used_at, expires_at) "
)
REST = f"'{'s' * 380}', 1, 1, '0123456789abcdef', 'Firefox on Linux'"
"""A session beside its id, its user and its moments, as long as a real one."""
TEXT = "'2026-01-02 03:04:05.678901'"

BOTH = {
    "postgresql": f"WITH replaced AS ({REPLACE.format('%s', '%s', '%s')} RETURNING user_id) "
    f"{INSERT} SELECT %s::text, user_id, {REST}, now(), now(), now() FROM replaced",
    "sqlite": "INSERT INTO temp.step VALUES (%s, %s, %s, %s)",
}
SQLITE_FIRST = (
    "CREATE TEMP VIEW step AS SELECT NULL AS record, NULL AS user, NULL AS version, NULL AS session",
    f"CREATE TEMP TRIGGER step_writes INSTEAD OF INSERT ON step BEGIN "
    f"{REPLACE.format('NEW.record', 'NEW.user', 'NEW.version')}; "
    f"SELECT RAISE(ABORT, 'another was first') WHERE changes() <> 1; "
    f"{INSERT} VALUES (NEW.session, NEW.user, {REST}, {TEXT}, {TEXT}, {TEXT}); END",
)

_ready: list[Any] = []


class StepView(APIView):
    """A step."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """Reads, writes and answers."""
        user = int(request.data["totp_challenge_token"])
        with connection.cursor() as cursor:
            cursor.execute(READ, [user])
            *_, record, version = cursor.fetchone()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite" and not _ready:
                _ready.extend(map(cursor.execute, SQLITE_FIRST))
            cursor.execute(BOTH[connection.vendor], [bytes(record), user, version, secrets.token_hex(16)])
        return Response({"access": "a" * 430, "refresh": "r" * 560})


urlpatterns = [path("jwt/totp/verify/", StepView.as_view())]
