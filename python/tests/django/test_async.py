"""API-07: the services for async code block no event loop, and the endpoints work under ASGI."""

import asyncio
import contextvars
import inspect
import logging
import threading
import time

import httpx
import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.asgi import get_asgi_application
from django.db import connections
from people import PASSWORD, Phone, enroll, make_user

from twinlock.django import aservices, recovery, services, signals, store
from twinlock.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)

COMPUTING = {
    "Trust", "engine", "second_factor", "bind_enrollment_token", "methods_of", "for_client", "from_client",
    "shows_step_up", "ways_of", "step_up_age", "step_up_purposes", "SentStepUp", "is_sent_alone",
    "session_of", "first_factor",
}  # fmt: skip


def run(work):
    """Runs a coroutine in asyncio's debug mode, which tells of slow steps, in Django's thread context."""

    async def in_context():
        async with ThreadSensitiveContext():
            try:
                return await work
            finally:
                await sync_to_async(connections.close_all)()

    return asyncio.run(in_context(), debug=True)


def test_every_service_that_asks_a_database_has_its_twin():
    names = (set(services.__all__) - COMPUTING) | {"request_recovery", "approve", "confirm_recovery"}
    assert set(aservices.__all__) == {f"a{name}" for name in names}
    for name in names:
        service = getattr(services, name, None) or getattr(recovery, name)
        twin = getattr(aservices, f"a{name}")
        assert inspect.iscoroutinefunction(twin)
        assert inspect.signature(twin) == inspect.signature(service)
        assert (twin.__name__, twin.__doc__) == (f"a{name}", service.__doc__)


def test_a_whole_life_in_a_loop():
    user = make_user()

    async def life():
        setup = await aservices.abegin_enrollment(user)
        phone = Phone(setup.uri)
        codes = (await aservices.aconfirm_enrollment(user, phone.code())).backup_codes
        challenge = (await aservices.abegin_sign_in(user)).challenge
        tokens = await aservices.amint(*await aservices.afinish_sign_in(challenge, otp=phone.code()))
        with pytest.raises(Refused):
            await aservices.afinish_sign_in(challenge, otp=phone.code())
        tokens = await aservices.arefresh(tokens.refresh)
        assert len(await aservices.aliving_sessions(user)) == 1
        await aservices.alogout(tokens.refresh)
        await aservices.adisable(user, backup=codes[0])
        assert not (await aservices.astatus(user)).enabled

    run(life())


def test_the_loop_goes_on_while_a_database_takes_its_time(monkeypatch, caplog):
    user = make_user()
    find = store.statements.load

    def slow(*given):
        time.sleep(0.6)
        return find(*given)

    monkeypatch.setattr(store.statements, "load", slow)
    gaps = []

    async def beat():
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            gaps.append(time.monotonic() - began)

    async def ask():
        heart = asyncio.create_task(beat())
        asyncio.get_running_loop().slow_callback_duration = 0.4
        await aservices.astatus(user)
        heart.cancel()

    with caplog.at_level(logging.WARNING, "asyncio"):
        run(ask())
    assert max(gaps) < 0.4
    assert [record for record in caplog.records if record.name == "asyncio"] == []


def test_context_variables_reach_the_service_and_its_receivers():
    user, request_id = make_user(), contextvars.ContextVar("request_id")
    heard = []

    def receiver(request, **_):
        heard.append((request_id.get(), request, threading.current_thread() is threading.main_thread()))

    async def sign_in():
        request_id.set("r-1")
        await aservices.abegin_sign_in(user, request="the request")

    signals.non_totp_login_succeeded.connect(receiver)
    try:
        run(sign_in())
    finally:
        signals.non_totp_login_succeeded.disconnect(receiver)
    assert heard == [("r-1", "the request", False)]


@pytest.fixture
def post(settings):
    """Posts to the site under ASGI, many requests at once; gives the answers."""
    settings.ROOT_URLCONF = "async_urls"
    settings.ALLOWED_HOSTS = ["testserver"]

    def post(path, *bodies, **how):
        async def send():
            transport = httpx.ASGITransport(get_asgi_application())
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                posts = [client.post(path, **{how.get("as_", "data"): body}) for body in bodies]
                return await asyncio.gather(*posts)

        return asyncio.run(send(), debug=True)

    return post


def test_async_views_sign_in_and_of_requests_at_once_one_is_let_in(post):
    user = make_user()
    phone, _ = enroll(user)
    begun = post("/first/", *[{"username": user.username}] * 8)
    code = phone.code()
    bodies = [{"challenge": answer.json()["challenge"], "code": code} for answer in begun]
    answers = post("/second/", *bodies)
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    [winner] = [answer.json() for answer in answers if answer.status_code == 200]
    assert winner["user"] == user.username


def test_the_endpoints_work_under_asgi(post):
    user = make_user()
    phone, _ = enroll(user)
    [begun] = post("/api/jwt/create/", {"username": user.username, "password": PASSWORD}, as_="json")
    body = {"totp_challenge_token": begun.json()["totp_challenge_token"], "otp_code": phone.code()}
    answers = post("/api/jwt/totp/verify/", *[body] * 8, as_="json")
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    [tokens] = [answer.json() for answer in answers if answer.status_code == 200]
    [answer] = post("/api/jwt/refresh/", {"refresh": tokens["refresh"]}, as_="json")
    assert answer.status_code == 200
