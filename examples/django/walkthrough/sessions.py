"""The part of the demo about sessions: tokens are exchanged, sessions are looked at and ended."""

from walkthrough.client import Client, expect, field
from walkthrough.screen import Screen


def walk(client: Client, screen: Screen, elsewhere: str) -> None:
    """`elsewhere` is the refresh token of another session of the same person."""
    _refresh(client, screen)
    screen.step("Where am I signed in? The list names devices and addresses, and opens nothing")
    sessions = client.get("/api/jwt/sessions/").get("sessions")
    for session in sessions:
        here = "  (this one)" if session["current"] else ""
        screen.say(f"  {session['device']}, {session['address']}, since {session['created_at']}{here}")
    _end(client, screen, elsewhere)
    screen.step("One session is left: this one")
    sessions = client.get("/api/jwt/sessions/").get("sessions")
    expect([session["current"] for session in sessions] == [True], "all others are over")


def _refresh(client: Client, screen: Screen) -> None:
    screen.step("Exchange the refresh token: a new pair, and the old token is spent")
    screen.say("(For ten seconds it still brings the same successor, so that two tabs do not end a session.)")
    spent = client.refresh
    client.signed_in(client.post("/api/jwt/refresh/", {"refresh": spent}))
    again = client.post("/api/jwt/refresh/", {"refresh": spent})
    expect(field(again, "refresh") == client.refresh, "there is one successor")


def _end(client: Client, screen: Screen, elsewhere: str) -> None:
    screen.step("Log out on the phone, by its refresh token: it is dead at once")
    client.post("/api/jwt/logout/", {"refresh": elsewhere}, expect=204)
    client.post("/api/jwt/refresh/", {"refresh": elsewhere}, expect=401)
    screen.step("Somebody else's computer is still in the list: end that session from here")
    others = client.get("/api/jwt/sessions/").get("sessions")
    for name in [session["id"] for session in others if not session["current"]]:
        client.delete(f"/api/jwt/sessions/{name}/", expect=204)
