"""API-06: what pyproject.toml declares is what scripts/test_versions.sh runs the tests on."""

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "scripts" / "test_versions.sh"
PROJECT = (REPOSITORY / "pyproject.toml").read_text()
PINS = (REPOSITORY / "requirements-dev.txt").read_text()


def number(text):
    """A version as its numbers, without zeros at the end."""
    found = [int(part) for part in text.split(".")]
    while len(found) > 1 and found[-1] == 0:
        found.pop()
    return tuple(found)


def minor(text):
    return ".".join(text.split(".")[:2])


def declared(pattern):
    found = re.findall(pattern, PROJECT)
    assert found, pattern
    return set(found)


def combinations():
    """(Python, Django, REST framework) for each line of the script's table."""
    table = re.search(r'^combinations="\n(.*?)^"', SCRIPT.read_text(), re.MULTILINE | re.DOTALL)[1]
    rows = [line.split() for line in table.splitlines()]
    return [(python.removeprefix("python"), django, framework) for python, django, framework in rows]


def test_api_06_every_declared_python_is_run_and_no_other():
    pythons = {python for python, _, _ in combinations()}
    assert pythons == declared(r'"Programming Language :: Python :: (3\.\d+)"')
    assert {min(pythons, key=number)} == declared(r'requires-python = ">=([\d.]+)"')
    defaults = re.search(r'VERSIONS:-"([^"]+)"', SCRIPT.read_text())[1].split()
    assert {name.removeprefix("python") for name in defaults} == pythons


def test_api_06_every_declared_django_is_run_from_its_lowest_on():
    djangos = {django for _, django, _ in combinations()}
    assert {minor(django) for django in djangos} == declared(r'"Framework :: Django :: (\d+\.\d+)"')
    lowest = min(djangos, key=number)
    assert {number(floor) for floor in declared(r'"Django>=([\d.]+)"')} == {number(lowest)}


def test_api_06_every_declared_rest_framework_is_run_from_its_lowest_on():
    frameworks = {framework for _, _, framework in combinations()}
    floors = declared(r'"djangorestframework>=([\d.]+)"')
    assert {number(floor) for floor in floors} == {number(min(frameworks, key=number))}
    pinned = re.search(r"^djangorestframework==([\d.]+)$", PINS, re.MULTILINE)[1]
    assert max(frameworks, key=number) == pinned


def test_api_06_each_python_is_run_with_the_oldest_and_the_newest_it_takes():
    newest = max((django for _, django, _ in combinations()), key=number)
    for python in {python for python, _, _ in combinations()}:
        found = [(django, framework) for own, django, framework in combinations() if own == python]
        assert len(found) == len(set(found)) >= 2, python
        if number(python) >= (3, 12):  # Django 6 takes no older one
            assert newest in dict(found), python


def test_the_scripts_own_reading_of_its_table_is_ours():
    program = SCRIPT.read_text()
    reading = re.search(r"sed -n .*?/p\"", program)[0]
    for python in ("3.10", "3.13"):
        table = "\n".join(" ".join(("python" + row[0], *row[1:])) for row in combinations())
        command = f"python=python{python}; {reading}"
        done = subprocess.run(["sh", "-c", command], input=table, capture_output=True, text=True, check=True)
        expected = [f"{django}:{framework}" for own, django, framework in combinations() if own == python]
        assert done.stdout.split() == expected
