"""LOG-02: a defect inside any endpoint, seen by an error reporter that collects every frame's variables."""

import pytest
from error_reports import error_reports, shown

from twinlock import SecondFactor
from twinlock.django.services import build
from twinlock.django.store import DjangoStore

CODE, BACKUP, PASSWORD, TOKEN = "318406", "KXW3-CANA-RYBC-ODE7", "canary-password-9", "canary.token.text"
CANARIES = (CODE, BACKUP, PASSWORD, TOKEN, "318 406")
LOGGED_OUT = {
    "jwt/create": {"username": "alice", "password": PASSWORD},
    "jwt/totp/verify": {"totp_challenge_token": TOKEN, "otp_code": CODE},
    "jwt/totp/send": {"totp_challenge_token": TOKEN},
    "jwt/refresh": {"refresh": TOKEN},
    "jwt/refresh_sliding": {"token": TOKEN},
    "jwt/verify": {"token": TOKEN},
    "jwt/logout": {"refresh": TOKEN},
    "totp/recovery_confirm": {"uid": "MQ", "token": TOKEN, "password": PASSWORD, "backup_code": BACKUP},
}
SIGNED_IN = {
    "totp/create": {},
    "totp/confirm": {"input_code": CODE},
    "totp/disable": {"otp_code": CODE},
    "totp/rotate_backup_codes": {"otp_code": CODE},
    "totp/step_up": {"purpose": "general", "backup_code": BACKUP},
    "totp/devices": {"otp_code": CODE},
    "totp/devices/x/resync": {"first_code": CODE, "second_code": "318406"},
    "totp/method": {"method": "otp", "backup_code": BACKUP},
    "jwt/logout_all": {},
}


class Defect(Exception):
    pass


@pytest.fixture
def reported():
    with error_reports() as found:
        yield found


@pytest.fixture
def person(alice):
    alice.sign_in_by_password()
    alice.http.raise_request_exception = False
    return alice


def break_engine(monkeypatch, but=()):
    """The engine's calls raise, deep inside, with what they were given in their frames."""
    engine = build.engine()

    class Broken:
        policy = engine.policy

        def __getattr__(self, name):
            if name in but:
                return getattr(engine, name)

            def broken(*args, **kwargs):
                copied = [args, kwargs]
                raise Defect(len(copied))

            return broken

    broken = Broken()
    built = (build.settings.state(), broken, SecondFactor(broken, DjangoStore(lambda: broken)))
    monkeypatch.setattr(build, "_built", built)


def check(response, reported, view):
    assert response.status_code == 500
    assert reported, "a reporter hears of it"
    assert "Defect" in reported[0]
    assert view in reported[0], "where it happened can be read"
    for canary in CANARIES:
        assert canary not in reported[0]


@pytest.mark.parametrize("form", ["json", "multipart"])
@pytest.mark.parametrize("path", list(LOGGED_OUT))
def test_log_02_no_report_holds_what_a_client_without_a_session_sent(
    person, path, form, reported, monkeypatch
):
    """LOG-02"""
    person.http.credentials()
    break_engine(monkeypatch)

    def broken(request=None, **credentials):
        raise Defect(len(credentials))

    monkeypatch.setattr("twinlock.drf.views.sign_in.authenticate", broken)
    monkeypatch.setattr("twinlock.django.recovery.link.case_of_link", lambda *given: broken(a=given))
    check(person.http.post(f"/api/{path}/", LOGGED_OUT[path], format=form), reported, "views/")


@pytest.mark.parametrize("form", ["json", "multipart"])
@pytest.mark.parametrize("path", list(SIGNED_IN))
def test_log_02_no_report_holds_what_a_signed_in_client_sent(person, path, form, reported, monkeypatch):
    """LOG-02"""
    access = person.http._credentials["HTTP_AUTHORIZATION"].partition(" ")[2]
    passes = ("verify", "status", "require_step_up") if path == "totp/create" else ("verify",)
    break_engine(monkeypatch, passes)
    check(person.http.post(f"/api/{path}/", SIGNED_IN[path], format=form), reported, "views/")
    assert access not in reported[0]


def test_log_02_no_report_of_a_defect_in_authentication_holds_the_token(person, reported, monkeypatch):
    """LOG-02"""
    access = person.http._credentials["HTTP_AUTHORIZATION"].partition(" ")[2]
    break_engine(monkeypatch)
    assert person.get("totp/status").status_code == 500
    assert "authentication.py" in reported[0]
    assert access not in reported[0]


@pytest.mark.parametrize("by", ["cookie", "header"])
def test_log_02_no_report_holds_a_trusted_devices_token(person, by, reported, monkeypatch, settings):
    """LOG-02: reports list cookies and headers by name, so the names are ones that Django hides."""
    settings.TWINLOCK = {
        **settings.TWINLOCK,
        "POLICY": {"trusted_devices": 1},
        "TRUST_HEADER": "X-Twinlock-Trust-Token",
    }
    person.http.credentials()
    shown = {} if by == "cookie" else {"HTTP_X_TWINLOCK_TRUST_TOKEN": TOKEN}
    if by == "cookie":
        person.http.cookies["twinlock_trust_token"] = TOKEN
    break_engine(monkeypatch)
    check(person.post("jwt/create", person.credentials, **shown), reported, "views/")
    assert "twinlock_trust_token" in reported[0].lower(), "the report says that there was one"


def test_log_02_a_host_that_calls_the_services_gets_exceptions_without_the_code(person, monkeypatch):
    """LOG-02: outside our views, as in a project's own page."""
    from twinlock.django import services

    break_engine(monkeypatch)
    with pytest.raises(Defect) as caught:
        services.disable(person.user, otp="".join(("318", "406")))
    assert_clean(caught.value)


@pytest.mark.django_db(transaction=True)
def test_log_02_so_does_a_host_that_awaits_them(person, monkeypatch):
    """LOG-02: also in the frames of the thread that the service ran in."""
    from asgiref.sync import async_to_sync

    from twinlock.django import aservices

    break_engine(monkeypatch)

    async def page():
        try:
            await aservices.adisable(person.user, otp="".join(("318", "406")))
        except Defect as error:
            return error

    assert_clean(async_to_sync(page)())


def assert_clean(error):
    """No frame below the caller's own holds the code."""
    trace = error.__traceback__.tb_next
    while trace is not None:
        for value in trace.tb_frame.f_locals.values():
            assert CODE not in shown(value), trace.tb_frame
        trace = trace.tb_next
