"""The programs that are measured: the Go server, the client, and an environment with the other packages."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "bench-http"

# django-totp imports a name of the standard library that is there from Python 3.13 on.
PEERS = [
    "django-totp==1.1.7",
    "drf-jwt-2fa==2.0.1",
    "django==5.2.19",
    "djangorestframework==3.18.3",
    "gunicorn==27.0.1",
]
PEER_PYTHON = (3, 13)


class Built:
    """The programs: server and client in Go, and a private environment with the other packages."""

    def __init__(self) -> None:
        BUILD.mkdir(parents=True, exist_ok=True)
        self.server = self._go("examples/go", "server", ".")
        self.client = self._go("bench/go", "load", "./load")
        self.python = self._environment()
        self._install_wheel()

    def load(self, *arguments: str, given: str = "") -> str:
        """Runs the client."""
        done = subprocess.run(
            [self.client, *arguments], input=given, text=True, stdout=subprocess.PIPE, check=False
        )
        if done.returncode != 0:
            sys.exit(f"error: load {arguments[0]} failed")
        return done.stdout

    def _go(self, module: str, name: str, package: str) -> Path:
        program = BUILD / name
        command = ["go", "build", "-tags", "static", "-o", program, package]
        subprocess.run(command, cwd=ROOT / module, check=True)
        return program

    def _environment(self) -> Path:
        python = BUILD / "venv" / "bin" / "python"
        stamp = BUILD / "venv" / "installed"
        if stamp.exists() and stamp.read_text() == "\n".join(PEERS):
            return python
        found = next(filter(_is_new_enough, _interpreters()), None)
        if found is None:
            sys.exit("error: django-totp needs Python 3.13 or newer, and none was found")
        print("Installing django-totp and drf-jwt-2fa into build/bench-http", file=sys.stderr, flush=True)
        subprocess.run([found, "-m", "venv", "--clear", BUILD / "venv"], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PEERS, "psycopg[binary]==3.3.9"], check=True)
        stamp.write_text("\n".join(PEERS))
        return python

    def _install_wheel(self) -> None:
        wheel = next((ROOT / "build" / "wheels").glob("twinlock-*.whl"))
        pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
        subprocess.run([*pip, "--no-deps", "--force-reinstall", wheel], check=True)


def _interpreters() -> list[str]:
    named = [shutil.which(f"python3.{minor}") for minor in range(PEER_PYTHON[1], PEER_PYTHON[1] + 5)]
    pyenv = Path.home().glob(".pyenv/versions/3.*/bin/python3")
    return [sys.executable, *filter(None, named), *map(str, pyenv)]


def _is_new_enough(program: str) -> bool:
    asked = f"import sys; sys.exit(sys.version_info < {PEER_PYTHON})"
    return subprocess.run([program, "-c", asked], capture_output=True, check=False).returncode == 0
