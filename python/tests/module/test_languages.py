"""The same life in every language, and records, challenges and tokens that go from one to another."""

import itertools
import os

import pytest
from languages import cast
from languages.life import Life

LANGUAGES = ["rust", "c", "cpp", "go", "python"]


@pytest.fixture(scope="module")
def commands(tmp_path_factory):
    """How to start the actor of a language, which is built at first."""
    built = {}
    folder = tmp_path_factory.mktemp("actors")

    def command(language):
        if tool := cast.missing(language):
            message = f"*** MISSING: {tool}: left out: what {language} says to records of other languages"
            if tool not in cast.OPTIONAL and os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        if language not in built:
            built[language] = cast.build(language, folder)
        return built[language]

    return command


@pytest.fixture
def stage(commands):
    """Start actors; after the test they must leave as they should."""
    actors = []

    def enter(*languages):
        # All commands first: a language that is missing leaves nobody waiting.
        actors.extend(itertools.starmap(cast.Actor, [(each, commands(each)) for each in languages]))
        return actors

    yield enter
    for actor in actors:
        actor.leave()


@pytest.fixture(scope="module")
def lives(vectors):
    return vectors("life")["lives"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_life_ends_the_same_in_every_language(stage, lives, language):
    actors = stage(language)
    for script in lives:
        Life(script, actors).play()


@pytest.mark.parametrize(("first", "second"), [*itertools.permutations(LANGUAGES, 2)])
def test_a_life_goes_on_in_another_language_after_every_step(stage, lives, first, second):
    """What one writes the other reads: records, challenges, trust and enrollment tokens, sessions, JWTs."""
    actors = stage(first, second)
    for script in lives:
        Life(script, actors).play()
