"""Pages in the language that the browser asks for."""

import pytest
from django.utils import translation

WELCOME = {
    "de": ("Noch ein Schritt", "Code aus Ihrer Authenticator-App", "Dieser Code ist falsch."),
    "fr": ("Encore une étape", "Code de votre application d’authentification", "Ce code est erroné."),
    "es": ("Un paso más", "Código de su aplicación de autenticación", "Este código no es correcto."),
    "ja": ("あと 1 ステップ", "認証アプリのコード", "コードが正しくありません。"),
    "hi": ("एक और चरण", "आपके ऑथेंटिकेटर ऐप का कोड", "यह कोड गलत है।"),
}


@pytest.fixture(autouse=True)
def speaks(settings):
    sessions, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [sessions, "django.middleware.locale.LocaleMiddleware", *others]
    with translation.override("en"):
        yield


@pytest.mark.parametrize("language", WELCOME)
def test_the_second_step_is_asked_for_in_the_browsers_language(bob, language):
    heading, label, wrong = WELCOME[language]
    bob.defaults["HTTP_ACCEPT_LANGUAGE"] = f"{language},en;q=0.5"
    bob.password()
    page = bob.get("/account/sign-in/code/")
    assert f'<html lang="{language}"' in page.text
    assert f"<h1>{heading}</h1>" in page.text
    assert label in page.text
    assert wrong in bob.answer(bob.phone.wrong()).text


def test_counted_things_are_in_the_right_number(bob):
    bob.sign_in()
    codes = len(bob.backup_codes)
    for language, expected in (
        ("de", f"Es sind noch {codes} Codes übrig."),
        ("ja", f"残りのコードは {codes} 個です。"),
    ):
        assert expected in bob.get("/account/", headers={"accept-language": language}).text


def test_a_browser_of_another_language_gets_english(bob):
    bob.password()
    assert "One more step" in bob.get("/account/sign-in/code/", headers={"accept-language": "tlh"}).text
