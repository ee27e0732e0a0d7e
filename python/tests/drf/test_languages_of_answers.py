"""`detail` is in the language that the client asks for; `code` and the English sentences stay."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def speaks(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    with translation.override("en"):
        yield


def asked(person, language):
    person.http.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return person


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("en", "Invalid 2FA code."),
        ("de", "Ungültiger 2FA-Code."),
        ("fr", "Code 2FA non valable."),
        ("es", "Código 2FA no válido."),
        ("ja", "2FA コードが無効です。"),
        ("hi", "2FA कोड अमान्य है।"),
        ("tlh", "Invalid 2FA code."),
    ],
)
def test_a_wrong_code_is_told_in_the_clients_language(enrolled, language, detail):
    response = asked(enrolled, language).answer(otp_code=enrolled.wrong_code())
    assert response.status_code == 400
    assert response.json() == {"detail": detail, "code": "wrong_code"}


def test_the_cores_own_sentences_are_translated(enrolled):
    response = asked(enrolled, "de").get("totp/devices/0000")
    assert response.json() == {"detail": "Dieses Gerät gibt es nicht.", "code": "device_unknown"}


def test_field_errors_are_translated(enrolled):
    fields = {"otp_code": "1", "backup_code": "2", "totp_challenge_token": "x"}
    response = asked(enrolled, "ja").post("jwt/totp/verify", fields)
    assert response.json() == {
        "non_field_errors": ["otp_code と backup_code は、どちらか一方だけを指定してください。"]
    }
    response = enrolled.post("totp/devices", {"otp_code": enrolled.code(), "digits": 9})
    assert response.json() == {"digits": ["コードは 6 桁、7 桁、または 8 桁です。"]}


@pytest.mark.parametrize("field", ["otp_code", "backup_code", "totp_challenge_token", "device"])
def test_the_language_of_one_request_is_not_kept_for_the_next(alice, field):
    """Fields are shared by all requests, and DRF's own messages remember the first language they meet."""
    for language, sentence in (
        ("en", "Ensure this field has no more than {} characters."),
        ("de", "Stelle sicher, dass dieses Feld nicht mehr als {} Zeichen lang ist."),
        ("en", "Ensure this field has no more than {} characters."),
    ):
        body = {"totp_challenge_token": "x", "otp_code": "1", field: "1" * 3000}
        response = asked(alice, language).post("jwt/totp/verify", body)
        [said] = response.json()[field]
        before, after = sentence.split("{}")
        assert said.startswith(before)
        assert said.endswith(after)


def test_simplejwts_sentences_are_translated_and_its_code_stays(alice):
    response = asked(alice, "es").post("jwt/refresh", {"refresh": "x"})
    assert response.json() == {"detail": "El token no es válido", "code": "token_not_valid"}
    alice.bearer("x.y.z")
    body = alice.get("totp/status").json()
    assert body["code"] == "token_not_valid"
    assert body["messages"][0]["message"] == "El token no es válido"


def test_a_limit_in_a_sentence_is_filled_in(alice):
    response = asked(alice, "de").post("jwt/create", {"password": "x" * 70_000})
    assert response.status_code == 413
    assert response.json()["detail"] == "Der Anfragekörper ist größer als 65536 Bytes."


def test_an_answer_that_succeeds_is_translated_where_it_has_a_sentence(alice):
    response = asked(alice, "de").post("totp/recovery", {"email": "nobody@acme.example"})
    assert response.json()["details"].startswith("Wenn es ein Konto mit dieser E-Mail-Adresse gibt")
