"""SEA-01, SEA-02, SEA-07, SEA-12: envelopes are the documented bytes, which other libraries seal and open."""

import base64
import hashlib
import hmac
import os

import jwt
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from twinlock import ArgumentFault, KeyFault, KeyRing, RecordFault, vault


def derive(key, label, length=32):
    return HKDF(SHA256(), length, salt=None, info=b"twinlock/v1/" + label).derive(key)


def raw(key_text):
    return base64.urlsafe_b64decode(key_text.removeprefix("tlk1_") + "=")


def their_seal(key, purpose, subject, plaintext):
    """What `src/vault/mod.rs` documents, with PyNaCl and `cryptography`."""
    header = b"TL\x01\x01" + derive(key, b"kid", 8)
    data = header + purpose + bytes([len(subject.encode())]) + subject.encode()
    nonce = os.urandom(24)
    return (
        header
        + nonce
        + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, data, nonce, derive(key, purpose))
    )


def their_open(key, purpose, subject, envelope):
    header, algorithm = envelope[:12], envelope[3]
    assert header == b"TL\x01" + bytes([algorithm]) + derive(key, b"kid", 8)
    data = header + purpose + bytes([len(subject.encode())]) + subject.encode()
    if algorithm == 2:
        cipher = AESGCM(derive(key, purpose + b"/aes-256-gcm"))
        return cipher.decrypt(envelope[12:24], envelope[24:], data)
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
        envelope[36:], data, envelope[12:36], derive(key, purpose)
    )


@pytest.mark.parametrize("subject", ["42", "Zoë", "日本", "x" * 255])
def test_theirs_opens_with_ours_and_ours_with_theirs(subject):
    for size in (0, 1, 15, 16, 17, 63, 64, 65, 1000, 65536):
        ring = KeyRing.generate()
        key, plaintext = raw(ring.to_text()), os.urandom(size)
        assert their_open(key, b"secret", subject, vault.seal(ring, subject, plaintext)) == plaintext
        assert vault.open(ring, subject, their_seal(key, b"secret", subject, plaintext)) == plaintext
        assert ring.ids == [derive(key, b"kid", 8).hex()]


def test_a_sealed_record_is_an_envelope_of_its_own_purpose(person, keys):
    record, _ = person.auth.store.load("42")
    assert their_open(raw(keys), b"record", "42", record)[0] >> 5 == 5  # a CBOR map
    with pytest.raises(CryptoError):
        their_open(raw(keys), b"secret", "42", record)


def test_the_frozen_envelopes_open_with_both(vectors):
    frozen = vectors("envelope")
    ring = KeyRing.parse(frozen["keys"])
    by_id = dict(zip(frozen["key_ids"], map(raw, frozen["keys"].split(",")), strict=True))
    assert ring.ids == frozen["key_ids"]
    assert {bytes.fromhex(row["envelope"])[3] for row in frozen["envelopes"]} == {1, 2}
    for row in frozen["envelopes"]:
        envelope, purpose = bytes.fromhex(row["envelope"]), row["purpose"].encode()
        key = by_id[envelope[4:12].hex()]
        assert their_open(key, purpose, row["subject"], envelope) == row["plaintext"].encode()
        if purpose == b"secret":
            assert vault.open(ring, row["subject"], envelope) == row["plaintext"].encode()


def test_any_flipped_bit_is_refused(ring):
    envelope = vault.seal(ring, "42", b"a small secret")
    for bit in range(len(envelope) * 8):
        altered = bytearray(envelope)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises((RecordFault, KeyFault)) as caught:
            vault.open(ring, "42", altered)
        expected = "envelope_malformed" if bit < 32 else "key_unknown" if bit < 96 else "envelope_rejected"
        assert caught.value.code == expected
    for length in range(len(envelope)):
        with pytest.raises(RecordFault):
            vault.open(ring, "42", envelope[:length])


def test_another_subject_or_purpose_is_refused(ring, keys):
    envelope = vault.seal(ring, "42", b"x")
    for subject in ("43", "4", "422"):
        with pytest.raises(RecordFault, match="another purpose or subject"):
            vault.open(ring, subject, envelope)
    for purpose in (b"record", b"backup", b"challenge", b"enroll", b"trust", b"jwt"):
        with pytest.raises(RecordFault, match="another purpose or subject"):
            vault.open(ring, "42", their_seal(raw(keys), purpose, "42", b"x"))


def test_old_keys_open_and_the_first_seals(ring):
    """SEA-04"""
    new = KeyRing.generate()
    rotated = KeyRing.parse(f"{new.to_text()}, {ring.to_text()}")
    assert vault.open(rotated, "42", vault.seal(ring, "42", b"old")) == b"old"
    assert vault.open(new, "42", vault.seal(rotated, "42", b"new")) == b"new"
    with pytest.raises(KeyFault):
        vault.open(ring, "42", vault.seal(rotated, "42", b"new"))


def test_plaintext_is_bounded_and_bytes(ring):
    with pytest.raises(ArgumentFault) as caught:
        vault.seal(ring, "42", bytes(65537))
    assert caught.value.code == "input_too_large"
    with pytest.raises(TypeError, match="^data must be bytes, not str"):
        vault.seal(ring, "42", "text")
    with pytest.raises(TypeError):
        vault.seal(ring.to_text(), "42", b"")


def test_tokens_are_signed_with_the_documented_sub_keys(person, engine, keys, start):
    """SEA-07: challenges and access tokens have keys of their own, and PyJWT verifies both."""
    challenge, access = person.challenge(), engine.mint(person.sign_in(start + 30), now=start + 30).access
    made = {"challenge": challenge, "jwt": access}
    for purpose in made:
        for other, token in made.items():
            options = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
            read = lambda token=token, purpose=purpose, options=options: jwt.decode(
                token, derive(raw(keys), purpose.encode()), algorithms=["HS256"], options=options
            )
            if other == purpose:
                assert read()["sub"] == "42"
                assert jwt.get_unverified_header(token)["kid"] == derive(raw(keys), b"kid", 8).hex()
            else:
                with pytest.raises(jwt.InvalidSignatureError):
                    read()


def test_the_frozen_backup_hash_is_the_documented_one(vectors):
    frozen = vectors("backup")
    peppered = hmac.digest(derive(raw(frozen["keys"]), b"backup"), frozen["code"].encode(), "sha256")
    kept = hashlib.pbkdf2_hmac("sha256", peppered, bytes.fromhex(frozen["salt"]), 1000)
    assert kept.hex() == frozen["hash"]
