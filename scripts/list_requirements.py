#!/usr/bin/env python3
"""Lists the requirements of docs/requirements.md that no test names, by section.

A test names one in its own name (`fn otp_13_…`, `def test_sto_01_…`, `func TestOTP13…`) or at the beginning
of a comment or docstring (`/// FFI-01: …`, `STO-02, THR-05: …`).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs" / "requirements.md"
TESTS = ("tests", "src", "bindings", "python/tests")
SUFFIXES = {".rs", ".py", ".c", ".h", ".cpp", ".hpp", ".go"}
ID = r"[A-Z]{3}-\d\d"
ROW = re.compile(rf"^\| ({ID}) \|", re.MULTILINE)
NAME = re.compile(r"\b(?:fn|def|func)\s+(\w+)")
IN_NAME = re.compile(r"(?:^|_|Test)([A-Za-z]{3})_?(\d\d)(?![\d])")
COMMENT = re.compile(rf'^\s*(?://[/!]?|"""|/?\*+|#)\s*({ID}(?:,? (?:and )?{ID})*)\b', re.MULTILINE)


def main() -> int:
    """Prints one line for each section, and says by the exit code whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="OTP, ENR, …; all if none is given")
    parser.add_argument("--missing", action="store_true", help="exit with 1 if one is not named")
    options = parser.parse_args()
    wanted = ROW.findall(LIST.read_text())
    named = set().union(*map(named_in, test_files()))
    known = list(dict.fromkeys(one[:3] for one in wanted))
    sections = [section.upper() for section in options.sections] or known
    if strange := sorted(set(sections) - set(known)):
        parser.error(f"there is no section {', '.join(strange)}")
    holes = 0
    for section in sections:
        own = [one for one in wanted if one.startswith(section)]
        missing = [one for one in own if one not in named]
        holes += len(missing)
        print(f"{section} {len(own) - len(missing):2} of {len(own):2}  {' '.join(missing)}".rstrip())
    if strange := sorted(one for one in named - set(wanted) if one[:3] in known):
        print(f"named by tests, but not in the list: {' '.join(strange)}", file=sys.stderr)
        return 1
    return 1 if options.missing and holes else 0


def test_files() -> list[Path]:
    """The files that may hold tests; unit tests of the core stand beside what they test."""
    files = (path for folder in TESTS for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
    return [path for path in files if is_test(path.relative_to(ROOT))]


def is_test(path: Path) -> bool:
    """Whether a file is one of tests. In a file of the core only the names of test functions can match."""
    return path.parts[0] == "src" or "tests" in path.parts or path.stem.endswith("_test")


def named_in(path: Path) -> set[str]:
    """The requirements that a file's tests name."""
    text = path.read_text(encoding="utf-8")
    found = {
        f"{match[1].upper()}-{match[2]}" for name in NAME.findall(text) for match in IN_NAME.finditer(name)
    }
    comments = [] if path.is_relative_to(ROOT / "src") else COMMENT.finditer(text)
    for match in comments:
        found.update(re.findall(ID, match[1]))
    return found


if __name__ == "__main__":
    sys.exit(main())
