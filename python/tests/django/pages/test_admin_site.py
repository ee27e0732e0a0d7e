"""The admin site that asks for the second factor; also without the middleware."""

import pytest
from django.apps import apps
from django.test import RequestFactory
from page_urls import site

from twinlock.django.admin_apps import TwinlockAdminConfig
from twinlock.django.checks.login import check_login_routes

INDEX, LOGIN = "/admin/", "/admin/login/?next=/admin/"


@pytest.fixture(params=["with middleware", "without"])
def staff(request, person, settings):
    if request.param == "without":
        settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    return person(is_staff=True, is_superuser=True)


def test_the_admins_login_asks_for_the_second_factor(staff):
    """API-01"""
    staff.enroll()
    assert staff.get(INDEX).url == LOGIN
    assert "Django administration" in staff.get(LOGIN).text
    assert staff.password(LOGIN).url == "/account/sign-in/code/"
    assert staff.get(INDEX).url == LOGIN
    assert staff.answer().url == INDEX
    assert "Second factors" in staff.get(INDEX).text
    assert staff.get(LOGIN).url == INDEX


def test_staff_of_another_login_is_led_to_the_second_step(staff):
    staff.enroll().force_login(staff.user)
    for path in (INDEX, "/admin/twinlock/secondfactorrecord/", "/admin/password_change/"):
        assert staff.get(path).url.startswith("/account/sign-in/code/?")
    request = RequestFactory().get(INDEX)
    request.user, request.session = staff.user, staff.session
    assert not site.has_permission(request)
    assert staff.post("/admin/logout/").status_code == 200
    assert not staff.is_logged_in()


def test_staff_without_a_second_factor_sets_one_up_first(staff, start_setup):
    """API-10"""
    staff.password(LOGIN)
    assert staff.get(INDEX).url == "/account/setup/?next=%2Fadmin%2F"
    staff.phone, _ = start_setup(staff)
    staff.post("/account/setup/confirm/", {"otp_code": staff.phone.code()})
    assert staff.get(INDEX).status_code == 200


def test_a_project_can_leave_it_to_the_policy(staff, policy):
    policy(ADMIN_REQUIRES_SECOND_FACTOR=False)
    staff.password(LOGIN)
    assert staff.get(INDEX).status_code == 200
    policy(REQUIRED="staff")
    assert staff.get(INDEX).url == "/account/setup/?next=%2Fadmin%2F"


def test_a_user_who_turned_it_off_is_out_of_the_admin(staff):
    staff.enroll()
    staff.sign_in()
    assert staff.get(INDEX).status_code == 200
    staff.post("/account/turn-off/", {"otp_code": staff.phone.code()})
    assert staff.get(INDEX).url.startswith("/account/setup/?")


def test_others_are_met_as_by_djangos_admin(person):
    ann = person().sign_in()
    assert ann.get(INDEX).url == LOGIN
    assert "not authorized" in ann.get(LOGIN).text
    assert "Please enter the correct username" in ann.password(LOGIN).text


def test_the_check_finds_nothing_to_say_of_it(settings):
    settings.MIDDLEWARE = settings.MIDDLEWARE[:-1]
    found = {warning.id: warning.msg for warning in check_login_routes()}
    assert "twinlock.W012" not in found
    assert "plain-login/" in found["twinlock.W011"]
    assert "account/sign-in/" not in found["twinlock.W011"]


def test_the_app_config_makes_it_the_default_site():
    assert TwinlockAdminConfig.default_site == f"{type(site).__module__}.{type(site).__qualname__}"
    assert TwinlockAdminConfig.name == apps.get_app_config("admin").name
