"""OTP-12: what an independent reader finds in our pictures is the exact text, whatever the picture's form."""

import base64
import io
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image

from twinlock import ArgumentFault, SecondFactor, otpauth, qr
from twinlock.stores import MemoryStore

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
URIS = [
    otpauth.build("Acme", "alice@example.com", SECRET),
    otpauth.build("Zoë & 日本", "🔑 ключ", SECRET),
    otpauth.build('"><script>', "a/b?c=d&e", SECRET, algorithm="SHA512", digits=8, period=60),
    otpauth.build("é" * 128, "日" * 128, SECRET),
]
TEXTS = [*URIS, "x", "grüße, 日本, 🔑", "0123456789", "A" * 1000]


@pytest.fixture
def read(tool, tmp_path):
    """The text that zbarimg reads out of a picture's bytes."""
    zbarimg = tool("zbarimg", "zbar-tools")

    def decode(png):
        path = tmp_path / "code.png"
        path.write_bytes(png)
        run = subprocess.run([zbarimg, "-q", "--raw", path], capture_output=True, check=True)
        return run.stdout.decode().removesuffix("\n")

    return decode


@pytest.fixture
def rasterise(tool):
    rsvg = tool("rsvg-convert", "librsvg2-bin")

    def draw(svg):
        return subprocess.run(
            [rsvg, "--zoom", "2"], input=svg.encode(), capture_output=True, check=True
        ).stdout

    return draw


def from_blocks(lines):
    """A picture of half blocks: a block is light, the ground is dark."""
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    image = Image.new("L", (len(lines[0]), 2 * len(lines)))
    for y, line in enumerate(lines):
        for x, block in enumerate(line):
            for half in (0, 1):
                image.putpixel((x, 2 * y + half), halves[block][half])
    file = io.BytesIO()
    image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_svg_png_and_terminal_are_read_back_exactly(text, read, rasterise):
    assert read(rasterise(qr.svg(text))) == text
    assert read(qr.png(text)) == text
    assert read(qr.png(text, scale=3)) == text
    assert read(from_blocks(qr.terminal(text).splitlines())) == text
    colored = qr.terminal_colored(text)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == qr.terminal(text)


def test_the_picture_of_an_enrollment_holds_its_uri(engine, read, rasterise, start):
    setup = SecondFactor(engine, MemoryStore()).begin_enrollment("42", account="Zoë@例え.jp", now=start)
    assert read(rasterise(setup.qr_svg)) == setup.uri
    prefix, _, data = setup.qr_svg_data_uri.partition(",")
    assert prefix == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == setup.qr_svg


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_svg_holds_only_shapes(text):
    root = ElementTree.fromstring(qr.svg(text))
    allowed = {
        "svg": {"width", "height", "viewBox", "shape-rendering"},
        "rect": {"width", "height", "fill"},
        "path": {"stroke", "d"},
    }
    tags = []
    for element in root.iter():
        tag = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        tags.append(tag)
        assert set(element.attrib) <= allowed[tag]
        assert not (element.text or "").strip()
        assert all(re.fullmatch(r"[\w #.-]+", value) for value in element.attrib.values())
    assert tags == ["svg", "rect", "path"]


def test_the_svg_of_a_usual_uri_is_small():
    assert len(qr.svg(URIS[0])) <= 4096


def test_what_does_not_fit_is_an_error():
    assert qr.svg("x" * 2953)
    for draw in (qr.svg, qr.svg_data_uri, qr.png, qr.terminal):
        with pytest.raises(ArgumentFault) as caught:
            draw("x" * 2954)
        assert caught.value.code == "qr_too_long"
    for scale in (0, 33, -1, 2**40):
        with pytest.raises(ArgumentFault) as caught:
            qr.png("x", scale)
        assert (caught.value.code, caught.value.about) == ("option_out_of_range", "scale")
    with pytest.raises(TypeError, match="^scale must be int"):
        qr.png("x", 2.5)
