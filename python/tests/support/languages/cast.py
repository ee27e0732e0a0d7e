"""Programs in every language that play one step of a life when they are told to.

An actor reads a line for each step: the call's name, and its arguments as ``name=value``, with tabs between
them. ``now`` is Unix seconds, ``record`` hexadecimal, an ``answer`` such as ``otp:123456``; an argument that
is not there is empty. It answers with one line of JSON: ``verdict`` (``ok`` or the error's name),
``retry_after``, ``facts`` (what the call gave) and ``record`` (what is stored after it). ``configure`` takes
``keys`` and options of the policy and is not answered. All actors use the public interface of their language
and nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[4]
SOURCES = REPOSITORY / "tests" / "languages"
# What a language's actor is built with, beside cargo.
TOOLS = {"rust": "cargo", "c": "cc", "cpp": "c++", "go": "go", "python": sys.executable}
# Left out where it is missing, also with CI=true, as scripts/go_env.sh does it.
OPTIONAL = ("go",)


class Actor:
    """One running program."""

    def __init__(self, language, command):
        self.language = language
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def configure(self, options):
        self._tell("configure", options)

    def play(self, call, arguments):
        self._tell(call, arguments)
        line = self._process.stdout.readline()
        assert line, f"{self.language}: the actor left during {call}"
        return json.loads(line)

    def leave(self):
        self._process.stdin.close()
        status = self._process.wait(timeout=30)
        self._process.stdout.close()
        assert status == 0, f"{self.language}: the actor ended with {status}"

    def _tell(self, call, arguments):
        words = [call, *(f"{name}={value}" for name, value in arguments.items())]
        assert not any("\t" in word or "\n" in word for word in words)
        self._process.stdin.write("\t".join(words) + "\n")
        self._process.stdin.flush()


def build(language, folder):
    """Build the actor and return the command that starts it."""
    return {"rust": _rust, "c": _c, "cpp": _cpp, "go": _go, "python": _python}[language](folder)


def missing(language):
    """The program without which there is no actor, or None."""
    return next((tool for tool in ("cargo", TOOLS[language]) if shutil.which(tool) is None), None)


def _rust(_folder):
    _run("cargo", "build", "--locked", "--quiet", "--package", "twinlock", "--example", "actor")
    return [_target() / "examples" / "actor"]


def _c(folder):
    return [_compile(folder, "cc", "-std=c99", "c/actor.c")]


def _cpp(folder):
    return [_compile(folder, "c++", "-std=c++17", "cpp/actor.cpp")]


def _go(folder):
    program = folder / "actor-go"
    environment = {
        "CGO_CFLAGS": f"-I{REPOSITORY / 'include'}",
        "CGO_LDFLAGS": f"-L{_library().parent}",
    }
    command = ["go", "build", "-tags", "static", "-o", program, "./internal/actor"]
    _run(*command, cwd=REPOSITORY / "bindings" / "go", env=os.environ | environment)
    return [program]


def _python(_folder):
    return [sys.executable, Path(__file__).with_name("actor.py")]


def _compile(folder, compiler, standard, source):
    program = folder / f"actor-{Path(source).parent.name}"
    warnings = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
    options = [standard, *warnings, f"-I{REPOSITORY / 'include'}"]
    libraries = [_library(), "-lpthread", "-ldl", "-lm"]
    _run(compiler, *options, SOURCES / source, *libraries, "-o", program)
    return program


def _library():
    _run("cargo", "build", "--locked", "--quiet", "--package", "twinlock-c", "--lib")
    return _target() / "libtwinlock.a"


def _target():
    return Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "debug"


def _run(*command, cwd=REPOSITORY, env=None):
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
