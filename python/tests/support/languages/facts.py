"""What calls gave, as all languages tell it."""


def members(thing, names=()):
    """The named members of a result, or all."""
    return {name: getattr(thing, name) for name in names or dir(thing) if not name.startswith("_")}


def setup_facts(setup):
    return members(setup, ["device_id", "secret", "uri", "expires_at"])


def trust_facts(trust):
    return {"trust": members(trust, ["token", "id", "expires_at"])}


def token_facts(tokens):
    if hasattr(tokens, "token"):
        return {"tokens": {"access": tokens.token, "access_expires_at": tokens.expires_at}}
    facts = members(tokens, ["access", "access_expires_at"])
    if hasattr(tokens, "refresh"):
        facts |= members(tokens, ["refresh", "refresh_expires_at"])
    return {"tokens": facts}


def session_facts(family):
    """What is stored of a session."""
    return {"session": {"id": family.id, "state": family.to_json()}}
