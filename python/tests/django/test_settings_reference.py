"""API-13: the page of settings is made from the table, so that it cannot lie."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_settings_is_the_table():
    spec = importlib.util.spec_from_file_location(
        "settings_reference", ROOT / "scripts/settings_reference.py"
    )
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    written = (ROOT / "docs/settings.md").read_text()
    assert written == reference.page(), "python scripts/settings_reference.py > docs/settings.md"
