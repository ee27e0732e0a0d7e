"""LOG-02: a defect inside a page, seen by an error reporter that collects every frame's variables."""

import pytest
from error_reports import error_reports

PASSWORD, CODE = "canary-password-9", "318406"


class Defect(Exception):
    pass


def broken(*given, **named):
    copied = [given, named]
    raise Defect(len(copied))


@pytest.mark.parametrize("page", ["sign-in/", "sign-in/code/", "turn-off/"])
def test_log_02_no_report_of_a_page_holds_what_was_typed(ann, page, monkeypatch):
    """LOG-02"""
    person = ann.enroll()
    if page == "turn-off/":
        person.sign_in()
    elif page == "sign-in/code/":
        person.password()
    person.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.forms.authenticate", broken)
    for name in ("finish_sign_in", "finish_challenge", "disable"):
        monkeypatch.setattr(f"twinlock.django.services.{name}", broken)
    typed = {"username": "somebody", "password": PASSWORD, "otp_code": CODE}
    with error_reports() as reported:
        assert person.post(f"/account/{page}", typed).status_code == 500
    assert "Defect" in reported[0]
    for canary in (PASSWORD, CODE):
        assert canary not in reported[0]
