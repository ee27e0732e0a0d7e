"""The actor in Python. `cast` says what lines come in and go out."""

import json
import sys

from facts import members, session_facts, setup_facts, token_facts, trust_facts

from twinlock import Engine, Fault, KeyRing, Policy, Refused, SecondFactor
from twinlock import RefreshFamily as Family
from twinlock.stores import MemoryStore

OUTCOMES = {"proof": "not_required", "enroll": "enroll_only"}


class Fields(dict):
    """The arguments of a call; one that is not given is empty."""

    def __missing__(self, name):
        return ""

    def answer(self):
        kind, _, typed = self["answer"].partition(":")
        return {kind: typed} if kind else {}

    def device(self):
        return {"account": self["account"], "name": self["name"] or None, "kind": self["kind"] or None}


def proof_facts(engine, proof, fields):
    """What a proof says, and the tokens that it is good for."""
    facts = {"proof": members(proof, PROOF)}
    granted = getattr(engine, GRANTS[fields["grant"]])(proof, now=fields["now"])
    if fields["grant"] == "session":
        granted, family = granted
        facts |= session_facts(family)
    return facts | token_facts(granted)


PROOF = ["method", "device_id", "purpose", "amr", "auth_time"]


GRANTS = {"": "mint", "access": "mint_access", "sliding": "mint_sliding", "session": "begin_session"}


def confirm_enrollment(auth, fields):
    enrolled = auth.confirm_enrollment(fields["subject"], fields["code"], now=fields["now"])
    facts = {"device_id": enrolled.device_id, "backup_codes": enrolled.backup_codes}
    return proof_facts(auth.engine, enrolled.proof, fields) | facts


def begin_sign_in(auth, fields):
    login = auth.begin_sign_in(
        fields["subject"],
        binding=fields["binding"] or None,
        trust_token=fields["trust_token"] or None,
        now=fields["now"],
    )
    facts = {"outcome": OUTCOMES.get(login.outcome, login.outcome)}
    if login.challenge:
        facts |= {"challenge": login.challenge, "methods": login.methods, "gives": login.gives}
        facts |= {"expires_at": login.expires_at}
    if login.sent_code:
        facts |= {"sent_code": login.sent_code.code}
    if login.enrollment:
        facts |= {"enrollment_token": login.enrollment.token, "expires_at": login.enrollment.expires_at}
    if login.trust:
        facts |= trust_facts(login.trust)
    return facts | (proof_facts(auth.engine, login.proof, fields) if login.proof else {})


def finish_sign_in(auth, fields):
    now = fields["now"]
    binding = fields["binding"] or None
    proof = auth.finish_sign_in(fields["challenge"], **fields.answer(), binding=binding, now=now)
    facts = {}
    if fields["trust"]:
        facts = trust_facts(auth.trust_device(fields["subject"], proof, fields["trust"], now=now))
    return proof_facts(auth.engine, proof, fields) | facts


def finish_with_session(auth, fields):
    facts = {}

    def decide(_subject, record):
        told = fields.answer() | {"binding": fields["binding"] or None, "now": fields["now"]}
        passed = auth.engine.finish_sign_in(record, fields["challenge"], **told)
        pending = auth.engine.with_session(passed, now=fields["now"])
        if pending.family:
            facts.update(session_facts(pending.family))
        return pending

    try:
        signed_in = auth.settle(fields["subject"], decide)
    except Refused as refused:
        # What was begun of a session where the answer is no: nothing.
        refused.facts = facts
        raise
    return facts | token_facts(signed_in.tokens) | {"method": signed_in.method}


def finish_for_enrollment(auth, fields):
    opened = auth.finish_for_enrollment(fields["challenge"], **fields.answer(), now=fields["now"])
    return {"enrollment_token": opened.token, "expires_at": opened.expires_at}


def send_code(auth, fields):
    sent = auth.send_code(fields["challenge"], now=fields["now"])
    return {"sent_code": sent.code, "expires_at": sent.expires_at}


def step_up(auth, fields):
    session = fields["session"] or None
    proof = auth.step_up(
        fields["subject"], purpose=fields["purpose"], session=session, **fields.answer(), now=fields["now"]
    )
    return proof_facts(auth.engine, proof, fields)


def rotate(auth, fields):
    rotation = auth.rotate(fields["token"], Family.from_json(fields["state"]), now=fields["now"])
    state = rotation.family.to_json() if rotation.family else fields["state"]
    try:
        return token_facts(rotation.commit(True)) | {"state": state}
    except Refused as refused:
        # The state that ends a session has to be stored, too.
        refused.facts = {"state": state}
        raise


def status(auth, fields):
    seen = auth.status(fields["subject"], now=fields["now"])
    facts = members(seen)
    facts["devices"] = [members(device) for device in seen.devices]
    facts["trusted_devices"] = [members(device) for device in seen.trusted_devices]
    return {"status": facts}


def of_subject(name, *arguments):
    """A call with a subject, texts and maybe an answer, that gives nothing."""

    def call(auth, fields):
        texts = [fields[argument] for argument in arguments]
        options = fields.answer() | {"now": fields["now"]}
        return getattr(auth, name)(fields["subject"], *texts, **options) or {}

    return call


def codes_of(name):
    return lambda auth, fields: {"backup_codes": of_subject(name)(auth, fields)}


CALLS = {
    "begin_enrollment": lambda auth, fields: setup_facts(
        auth.begin_enrollment(fields["subject"], **fields.device(), now=fields["now"])
    ),
    "confirm_enrollment": confirm_enrollment,
    "check_enrollment": lambda auth, fields: {
        "subject": auth.check_enrollment(fields["token"], now=fields["now"])
    },
    "add_device": lambda auth, fields: setup_facts(
        auth.add_device(fields["subject"], **fields.device(), **fields.answer(), now=fields["now"])
    ),
    "rename_device": of_subject("rename_device", "device_id", "name"),
    "remove_device": lambda auth, fields: {
        "last": of_subject("remove_device", "device_id")(auth, fields) == "last"
    },
    "resync_device": of_subject("resync_device", "device_id", "first", "second"),
    "import_device": lambda auth, fields: {
        "device_id": auth.import_device(
            fields["subject"], secret=fields["secret"], name=fields["name"], now=fields["now"]
        )
    },
    "import_backup_codes": lambda auth, fields: (
        auth.import_backup_codes(
            fields["subject"], fields["codes"].split(), scheme=fields["scheme"], now=fields["now"]
        )
        or {}
    ),
    "begin_sign_in": begin_sign_in,
    "finish_sign_in": finish_sign_in,
    "finish_with_session": finish_with_session,
    "finish_for_enrollment": finish_for_enrollment,
    "send_code": send_code,
    "set_method": of_subject("set_method", "method"),
    "step_up": step_up,
    "require_step_up": lambda auth, fields: (
        auth.engine.require_step_up(fields["token"], fields["purpose"], now=fields["now"]) and {}
    ),
    "is_trusted": lambda auth, fields: {"trusted": of_subject("is_trusted", "token")(auth, fields) is True},
    "revoke_trusted_device": of_subject("revoke_trusted_devices", "trust_id"),
    "revoke_trusted_devices": of_subject("revoke_trusted_devices"),
    "disable": of_subject("disable"),
    "regenerate_backup_codes": codes_of("regenerate_backup_codes"),
    "admin_regenerate_backup_codes": codes_of("admin_regenerate_backup_codes"),
    "unlock": of_subject("unlock"),
    "admin_reset": of_subject("admin_reset"),
    "bump_epoch": of_subject("bump_epoch"),
    "status": status,
    "reseal": lambda auth, fields: {"resealed": auth.reseal(fields["subject"])},
    "verify": lambda auth, fields: {
        "claims": auth.engine.verify(fields["token"], fields["kind"], now=fields["now"])
    },
    "refresh": lambda auth, fields: token_facts(auth.refresh(fields["token"], now=fields["now"])),
    "refresh_sliding": lambda auth, fields: token_facts(
        auth.refresh_sliding(fields["token"], now=fields["now"])
    ),
    "rotate": rotate,
}


def configure(fields):
    options = {name: int(value) if value.isdigit() else value for name, value in fields.items()}
    return Engine(KeyRing.parse(options.pop("keys")), Policy("Acme", **options))


def play(engine, call, fields):
    fields["now"] = int(fields["now"])
    store = MemoryStore()
    if fields["record"]:
        store.save(fields["subject"], bytes.fromhex(fields["record"]), 0)
    answer = {"verdict": "ok", "retry_after": 0, "facts": {}}
    try:
        answer["facts"] = CALLS[call](SecondFactor(engine, store), fields)
    except (Refused, Fault) as error:
        answer["verdict"] = error.code
        answer["retry_after"] = getattr(error, "retry_after", None) or 0
        answer["facts"] = getattr(error, "facts", {})
    row = store.load(fields["subject"])
    return answer | {"record": row[0].hex() if row else ""}


def main():
    engine = None
    for line in sys.stdin:
        call, *texts = line.rstrip("\n").split("\t")
        fields = Fields(text.split("=", 1) for text in texts)
        if call == "configure":
            engine = configure(fields)
            continue
        print(json.dumps(play(engine, call, fields)), flush=True)


if __name__ == "__main__":
    main()
