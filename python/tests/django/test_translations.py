"""The catalogs: complete, sound and compiled. The translations themselves are for people to judge."""

import gettext
import re
import string

import polib
import pytest
from sentences import (
    APP,
    LANGUAGES,
    bare_literals,
    in_template,
    python_files,
    sentences,
    templates,
    words_outside,
)

from twinlock._twinlock import ERROR_CODES
from twinlock.django import refusal_texts
from twinlock.errors import ArgumentFault, Refused, StoreFault

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
MARKUP = re.compile(r"</?\w+>")


def path(language, kind):
    return APP / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request):
    found = polib.pofile(str(path(request.param, "po")))
    found.language = request.param
    return found


def test_there_is_a_catalog_for_each_language_and_no_other():
    assert {folder.name for folder in (APP / "locale").iterdir()} == set(LANGUAGES)


def test_every_sentence_of_the_sources_is_in_each_catalog_and_nothing_else(catalog):
    written = {(entry.msgid, entry.msgid_plural) for entry in catalog if not entry.obsolete}
    wanted = set(sentences())
    assert len(wanted) > 180
    assert written == wanted, "run scripts/messages.sh"


def test_every_sentence_is_translated_and_none_by_a_guess(catalog):
    count = int(re.search(r"nplurals=(\d)", catalog.metadata["Plural-Forms"])[1])
    assert not catalog.metadata_is_fuzzy
    for entry in catalog:
        assert not entry.fuzzy, entry.msgid
        texts = translations(entry)
        assert all(text.strip() for text in texts), entry.msgid
        assert len(texts) == (count if entry.msgid_plural else 1), entry.msgid


def test_translations_keep_what_is_filled_in_and_the_markup(catalog):
    for entry in catalog:
        sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        for text in translations(entry):
            assert filled_in(text) == filled_in(sources[-1]), (entry.msgid, text)
            assert MARKUP.findall(text) == MARKUP.findall(entry.msgid)
            assert ends_a_sentence(text) == ends_a_sentence(entry.msgid), (entry.msgid, text)
            assert text == text.strip()


def test_what_is_compiled_is_what_is_written(catalog):
    with path(catalog.language, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    expected = {"": compiled[""]}
    for entry in catalog:
        if entry.msgid_plural:
            expected |= {(entry.msgid, index): text for index, text in entry.msgstr_plural.items()}
        else:
            expected[entry.msgid] = entry.msgstr
    assert compiled == expected, "run scripts/messages.sh"


@pytest.mark.parametrize("template", templates(), ids=lambda found: found.name)
def test_no_template_says_a_word_that_is_not_translated(template):
    assert words_outside(template.read_text(encoding="utf-8")) == ""


def test_no_view_says_a_sentence_that_is_not_translated():
    found = {str(file): bare_literals(file) for file in python_files()}
    assert {file: texts for file, texts in found.items() if texts} == {}


def test_what_looks_for_words_finds_them():
    source = '<p title="Hi">{% translate "One" %} Two {% blocktranslate %}Three{% endblocktranslate %}</p>'
    assert words_outside(source) == "Hi Two"
    assert [found.one for found in in_template(source)] == ["One", "Three"]


def test_every_refusal_of_the_core_has_a_sentence_and_its_english_is_the_cores():
    refusals = {name: text for name, (number, text) in ERROR_CODES.items() if number > 0}
    assert {name: str(text) for name, text in refusal_texts.REFUSALS.items()} == refusals
    assert {name: ERROR_CODES[name][1] for name in refusal_texts.INPUTS} == {
        name: str(text) for name, text in refusal_texts.INPUTS.items()
    }


def test_a_sentence_is_in_the_language_of_the_user_and_a_fault_of_the_site_in_english():
    from django.utils import translation

    with translation.override("de"):
        assert refusal_texts.sentence(Refused("wrong_code")) == "Der Code ist falsch."
        assert refusal_texts.sentence(ArgumentFault("digits_invalid", "digits")).startswith("Ein Code hat")
        assert refusal_texts.sentence(StoreFault()) == str(StoreFault())
        assert str(Refused("wrong_code")) == "The code is wrong."


def translations(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def filled_in(text):
    return sorted(
        [*PLACEHOLDER.findall(text), *(name for _, name, _, _ in string.Formatter().parse(text) if name)]
    )


def ends_a_sentence(text):
    """How a text ends, whichever marks the language has for that."""
    marks = {".": ".", "。": ".", "।": ".", ":": ":", "?": "?", "？": "?"}
    return marks.get(text[-1:], "")
