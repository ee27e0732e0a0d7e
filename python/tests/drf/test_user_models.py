"""CHL-09, API-05: other user models, each in a project of its own; and what importing needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OURS = [str(HERE), str(HERE.parent / "django"), str(HERE.parent / "support")]
PYTHONPATH = os.pathsep.join([*OURS, os.environ.get("PYTHONPATH", "")])


def run(*command, **more):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {"PYTHONPATH": PYTHONPATH, **more}
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("model", ["uuid", "text"])
def test_weakness_12_the_whole_flow_works_with_any_user_model(model):
    """CHL-09: UUID and text keys, a name field that is an address of 254 characters, or no address at all."""
    done = run(str(HERE / "http_flow.py"), TWINLOCK_TEST_USER=model)
    assert done.returncode == 0, done.stderr
    assert "the whole flow works" in done.stdout


def test_a_project_may_touch_drf_before_its_models_are_loaded():
    """DRF imports the authentication classes at its own first import."""
    code = (
        "import rest_framework.views, django; django.setup(); "
        "from twinlock.drf.authentication import TwinlockAuthentication as ours; "
        "assert rest_framework.views.APIView.authentication_classes == [ours]"
    )
    done = run("-c", code, DJANGO_SETTINGS_MODULE="settings")
    assert done.returncode == 0, done.stderr
