"""CHL-09, API-05: other user models, each in a project of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("model", ["uuid", "text"])
def test_chl_09_weakness_12_the_whole_flow_works_with_any_user_model(model):
    ours = os.pathsep.join([str(HERE), str(HERE.parent / "support"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "TWINLOCK_TEST_USER": model, "PYTHONPATH": ours}
    done = subprocess.run(
        [sys.executable, str(HERE / "whole_flow.py")], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "the whole flow works" in done.stdout


def test_api_05_importing_needs_no_settings():
    code = "import twinlock.django, twinlock.django.conf, twinlock.django.signals, twinlock.django.apps"
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
