"""The fenced blocks of a page in Markdown, with the HTML comment right before each: what it is for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"(?:^<!--\s*(?P<mark>[^>]*?)\s*-->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass
class Block:
    """A fenced block: its language, the comment right before it, where it stands and its text."""

    language: str
    mark: str
    line: int
    text: str


def blocks(page: Path, language: str, mark: str = "") -> list[Block]:
    """The blocks of that language with that comment, in the page's order."""
    return [block for block in _all_blocks(page) if block.language == language and block.mark == mark]


def joined(page: Path, mark: str) -> str:
    """All Python with that comment as one text."""
    found = blocks(page, "python", mark)
    assert found, f"{page.name} shows no {mark}"
    return "\n".join(block.text for block in found)


def _all_blocks(page: Path) -> Iterator[Block]:
    text = page.read_text()
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        yield Block(found["language"], found["mark"] or "", line, found["text"])
