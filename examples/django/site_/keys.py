"""Keys that a developer's machine makes on first use and keeps, so that none stands in the source.

A real deployment sets `SITE_SECRET_KEY` and `TWINLOCK_KEYS` in its environment and never gets here.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`; where there is no such file, one that only its owner can read is made first.

    Several workers may start at once: the file appears complete, and the first one wins.
    """
    if not path.exists():
        _appear(path, make())
    return path.read_text().strip()


def _appear(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another worker was first; its key counts
    finally:
        os.unlink(draft)
