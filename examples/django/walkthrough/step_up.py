"""The last part of the walk: what needs a fresh second factor, and how a client gets one."""

from walkthrough.client import Client, expect, field
from walkthrough.phone import Phone
from walkthrough.screen import Screen


def disable(client: Client, screen: Screen, phone: Phone) -> None:
    """Turns the second factor off by a step-up."""
    screen.step("Turn the second factor off: signed in is not enough, and the answer says what is missing")
    asked = client.post("/api/totp/disable/", expect=403)
    expect(field(asked, "code") == "second_factor_required", "the code is second_factor_required")
    screen.step("Step up: a fresh code brings an access token for this one purpose")
    answer = {"purpose": field(asked, "purpose"), "otp_code": phone.next_code()}
    client.access = field(client.post("/api/totp/step_up/", answer), "access")
    client.post("/api/totp/rotate_backup_codes/", expect=403)
    client.post("/api/totp/disable/", expect=204)
