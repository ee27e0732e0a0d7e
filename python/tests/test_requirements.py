"""The list of requirements and the script that looks for the tests that name them."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SCRIPT = REPOSITORY / "scripts" / "list_requirements.py"
SECTIONS = {
    "OTP": 14,
    "ENR": 12,
    "VER": 14,
    "BAK": 10,
    "SEA": 12,
    "CHL": 9,
    "JWT": 16,
    "THR": 8,
    "API": 13,
    "FFI": 15,
    "STO": 7,
    "LOG": 5,
    "SUP": 5,
}


def listed(*arguments, script=SCRIPT):
    return subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True)


def test_the_list_is_complete_and_each_stands_in_it_once():
    text = (REPOSITORY / "docs" / "requirements.md").read_text()
    found = re.findall(r"^\| ([A-Z]{3})-(\d\d) \| \S.*[.] \|$", text, re.MULTILINE)
    assert Counter(section for section, _ in found) == SECTIONS
    for section, count in SECTIONS.items():
        numbers = [int(number) for name, number in found if name == section]
        assert numbers == list(range(1, count + 1))


def test_no_test_names_a_requirement_that_is_not_in_the_list():
    run = listed()
    assert (run.returncode, run.stderr) == (0, "")
    assert [line[:3] for line in run.stdout.splitlines()] == list(SECTIONS)


def test_sections_are_picked_by_name():
    assert listed("--missing", "otp").returncode == 0
    assert listed("--missing", "XYZ").returncode == 2


def test_names_comments_and_docstrings_count_and_a_hole_fails(tmp_path):
    for folder in ("scripts", "docs", "src", "python/tests"):
        (tmp_path / folder).mkdir(parents=True)
    script = tmp_path / "scripts" / "list.py"
    script.write_text(SCRIPT.read_text())
    rows = "".join(f"| ABC-0{number} | … |\n" for number in range(1, 8))
    (tmp_path / "docs" / "requirements.md").write_text(rows)
    (tmp_path / "src" / "x.rs").write_text("fn abc_01_a_then_abc_02_b() {}\n// ABC-03: only a comment\n")
    (tmp_path / "python" / "tests" / "test_x.py").write_text(
        'def test_abc_03_x():\n    """ABC-04, ABC-05: both."""\n    # not at the beginning: ABC-06\n'
        "def TestABC07x(): ...\n"
    )
    run = listed("--missing", script=script)
    assert (run.returncode, run.stdout) == (1, "ABC  6 of  7  ABC-06\n")
    (tmp_path / "python" / "tests" / "test_y.py").write_text("def test_abc_06_x(): ...")
    assert listed("--missing", script=script).returncode == 0
    (tmp_path / "python" / "tests" / "test_z.py").write_text("def test_abc_08_x(): ...")
    run = listed(script=script)
    assert (run.returncode, "ABC-08" in run.stderr) == (1, True)
