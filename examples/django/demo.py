"""`make demo`: the reference site on a free port, and a person who enrolls and signs in over real HTTP.

With the address of a server that runs already (`demo.py http://127.0.0.1:8080`) the person goes there: any
server with the same JSON contract will do. Nobody may be signed up there as "alice".
Ends by itself: 0 when every answer was the expected one, 1 at the first that was not.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import twinlock
from running_site import RunningSite
from walkthrough import sessions, step_up
from walkthrough.client import Client, Unexpected, expect, field
from walkthrough.phone import Phone
from walkthrough.screen import Screen

PERSON = {"username": "alice", "password": "correct horse battery staple"}


def main() -> int:
    """Walks through the server of the command line, or through a site of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", help="a server that runs already, such as http://127.0.0.1:8080")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if told.url:
        return _running_server(told.url.rstrip("/"), Screen())
    return _own_site(Screen())


def _running_server(url: str, screen: Screen) -> int:
    try:
        _walk(Client(url, screen), screen)
    except Unexpected as error:
        screen.failed(str(error))
        return 1
    screen.passed("Everything went as it should.")
    return 0


def _own_site(screen: Screen) -> int:
    """Starts the site in a temporary folder, walks through, stops it."""
    with tempfile.TemporaryDirectory(prefix="twinlock-demo-") as folder:
        site = RunningSite(Path(folder), workers=2, env={"SITE_MAIL_DIR": f"{folder}/mail"})
        try:
            screen.step("Start the reference site (SQLite, two worker processes)")
            with site:
                screen.say(f"It listens on {site.url}.")
                _walk(Client(site.url, screen), screen)
        except (Unexpected, RuntimeError) as error:
            screen.failed(f"{error}\n{site.log_tail()}")
            return 1
        except KeyboardInterrupt:
            screen.failed("interrupted")
            return 1
    screen.passed("Everything went as it should; the site is stopped.")
    return 0


def _walk(client: Client, screen: Screen) -> None:
    _sign_up_and_in(client, screen)
    phone = _scan(client, screen)
    backup_codes = _confirm(client, screen, phone)
    challenge = _sign_in_with_phone(client, screen, phone)
    elsewhere = client.refresh or ""
    _refusals(client, screen, phone, challenge)
    _backup_code(client, screen, backup_codes[0])
    _tokens(client, screen)
    sessions.walk(client, screen, elsewhere)
    step_up.disable(client, screen, phone)


def _sign_up_and_in(client: Client, screen: Screen) -> None:
    screen.step("Sign up, and sign in with the password alone: no second factor is set")
    client.post("/api/example/sign_up/", {**PERSON, "email": "alice@example.com"}, expect=201)
    login = client.post("/api/jwt/create/", PERSON)
    expect(login.get("is_totp_enabled") is False, "is_totp_enabled is false")
    client.access = field(login, "access")


def _scan(client: Client, screen: Screen) -> Phone:
    screen.step("Ask for a second factor and scan the QR code")
    setup = client.post("/api/totp/create/", expect=201)
    uri = field(setup, "otpauth_uri")
    expect(field(setup, "svg").startswith("<svg"), "the QR code comes as SVG that a page can show inline")
    screen.picture(twinlock.qr.terminal(uri))
    screen.say(f"For typing by hand: {field(setup, 'secret')}")
    return Phone(uri, screen)


def _confirm(client: Client, screen: Screen, phone: Phone) -> list[str]:
    screen.step("Confirm with a first code from the phone; the backup codes are shown this once")
    screen.say("(The phone's previous code, so that two newer ones are left: a code is good for one use,")
    screen.say("and the site accepts the neighbors of the current one, for clocks that are a little wrong.)")
    enrolled = client.post("/api/totp/confirm/", {"input_code": phone.previous_code()})
    codes: list[str] = field(enrolled, "backup_codes")
    for left, right in zip(codes[::2], codes[1::2], strict=True):
        screen.say(f"  {left}   {right}")
    return codes


def _challenge(client: Client) -> str:
    client.access = None
    login = client.post("/api/jwt/create/", PERSON)
    expect(login.get("is_totp_enabled") is True, "is_totp_enabled is true")
    expect("access" not in login and "refresh" not in login, "the password alone brings no token")
    challenge: str = field(login, "totp_challenge_token")
    return challenge


def _answer(client: Client, challenge: str, *, status: int = 200, **answer: str) -> Any:
    return client.post("/api/jwt/totp/verify/", {"totp_challenge_token": challenge, **answer}, expect=status)


def _sign_in_with_phone(client: Client, screen: Screen, phone: Phone) -> str:
    screen.step("Sign in again: the password brings a challenge, the phone's code brings the tokens")
    challenge = _challenge(client)
    answer = {"otp_code": phone.current_code(), "device": "Alice's phone"}
    client.signed_in(_answer(client, challenge, **answer))
    return challenge


def _refusals(client: Client, screen: Screen, phone: Phone, challenge: str) -> None:
    screen.step("The same challenge once more, even with a fresh code: refused")
    _answer(client, challenge, otp_code=phone.next_code(), status=400)
    screen.step("The same code once more, even with a fresh challenge: refused")
    _answer(client, _challenge(client), otp_code=phone.current_code(), status=400)


def _backup_code(client: Client, screen: Screen, code: str) -> None:
    screen.step("The phone is at home: sign in with a backup code")
    signed_in = _answer(client, _challenge(client), backup_code=code)
    screen.step("The same backup code once more: refused")
    _answer(client, _challenge(client), backup_code=code, status=400)
    client.signed_in(signed_in)


def _tokens(client: Client, screen: Screen) -> None:
    screen.step("Use the access token: how is the second factor?")
    status = client.get("/api/totp/status/")
    expect(status.get("enabled") is True, "the second factor is enabled")
    expect(status.get("backup_codes_left") == 9, "nine backup codes are left")
    screen.step("The access token verifies; without one, nothing is told")
    client.post("/api/jwt/verify/", {"token": client.access})
    client.access, kept = None, client.access
    client.get("/api/totp/status/", expect=401)
    client.access = kept


if __name__ == "__main__":
    sys.exit(main())
