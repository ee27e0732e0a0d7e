"""SUP: what the software is made of, where its vectors come from, and what SECURITY.md says of it."""

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
VECTORS = REPOSITORY / "tests" / "vectors"
FLOORS = {"pyo3": (0, 29), "jsonwebtoken": (10, 3), "time": (0, 3, 47)}
"""The first versions without a hole that we know of; a crate that is not there has none."""
CRYPTOGRAPHY = {
    "aws-lc-rs": "AWS-LC",
    "chacha20": "XChaCha20",
    "getrandom": "operating system's generator",
    "hkdf": "HKDF",
    "hmac": "HMAC",
    "pbkdf2": "PBKDF2",
    "sha1": "SHA-1",
    "sha2": "SHA-256",
    "subtle": "constant time",
    "zeroize": "wipes",
}
"""The crates that touch secrets, and the word for each in the inventory."""
PLAIN = {
    "base32ct", "base64", "minicbor", "percent-encoding", "png", "qrcode", "serde", "serde_json", "thiserror"
}  # fmt: skip


def tracked(*patterns):
    """The files under version control, or, in a copy without it, those that are there."""
    if not (REPOSITORY / ".git").exists():
        return {str(path.relative_to(REPOSITORY)) for name in patterns for path in REPOSITORY.rglob(name)}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    return set(subprocess.check_output(command, cwd=REPOSITORY, text=True).split())


def text_of(*parts):
    return REPOSITORY.joinpath(*parts).read_text()


def locked():
    """The versions of each crate in Cargo.lock, as numbers."""
    found = {}
    for name, version in re.findall(
        r'^name = "(.+)"\nversion = "([\d.]+)', text_of("Cargo.lock"), re.MULTILINE
    ):
        found.setdefault(name, []).append(tuple(map(int, version.split("."))))
    return found


def test_sup_01_every_language_has_its_lockfile():
    assert {"Cargo.lock", "bindings/go/go.sum", "examples/go/go.sum"} <= tracked("Cargo.lock", "*go.sum")
    modules = {str(Path(path).parent) for path in tracked("*go.mod")}
    assert {str(Path(path).parent) for path in tracked("*go.sum")} == modules
    for line in text_of("requirements-dev.txt").splitlines():
        assert re.match(r"$|#|[\w.-]+(\[\w+\])?==[\w.]+(; python_version [<>=]+ \"3\.\d+\")?$", line), line
    assert "--locked" in text_of("Makefile")


def test_sup_01_no_crate_is_older_than_its_floor():
    crates = locked()
    assert len(crates) > 100, "the file was read"
    below = {
        name: versions
        for name, floor in FLOORS.items()
        if (versions := [version for version in crates.get(name, []) if version < floor])
    }
    assert below == {}
    assert "pyo3" in crates


def test_sup_01_each_vector_is_listed_with_its_hash_and_is_what_was_listed():
    lines = (VECTORS / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = [path for path in VECTORS.rglob("*") if path.suffix in (".json", ".pem")]
    found = {str(path.relative_to(VECTORS)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == listed, "run scripts/sum_vectors.sh, if the change was meant"
    assert len(found) > 25


def test_sup_01_each_vector_has_a_source_and_a_licence():
    rows = re.findall(r"^\| (`.+?`) \| (.+?) \| (.+?) \|$", (VECTORS / "README.md").read_text(), re.MULTILINE)
    patterns = [name for names, _, _ in rows for name in re.findall("`(.+?)`", names)]
    files = {
        str(path.relative_to(VECTORS)) for path in VECTORS.rglob("*") if path.suffix in (".json", ".pem")
    }
    for name in files:
        assert [each for each in patterns if Path(name).match(each)], name
    for pattern in patterns:
        assert list(VECTORS.glob(pattern)), pattern
    sums = re.findall(
        r"`(\w+\.json)` \| `([0-9a-f]{64})`", (VECTORS / "wycheproof" / "README.md").read_text()
    )
    for name, digest in sums:
        assert hashlib.sha256((VECTORS / "wycheproof" / name).read_bytes()).hexdigest() == digest
    assert len(sums) == 2


def test_sup_02_the_core_forbids_unsafe_code_and_only_the_c_interface_has_any():
    assert "#![forbid(unsafe_code)]" in text_of("src", "lib.rs")
    has_any = {path for path in tracked("*.rs") if re.search(r"\bunsafe\b", code_of(path))}
    # The Rust compiler reads these as well: a test's allocator, which searches freed memory.
    assert {path for path in has_any if not path.startswith("bindings/c/")} == {"tests/memory/watch.rs"}
    assert "bindings/c/src/handle.rs" in has_any


def test_sup_02_each_unsafe_block_has_its_reason_beside_it():
    """Beside Clippy's lint of that name, which `make lint` denies for the C interface."""
    assert "clippy::undocumented_unsafe_blocks" in text_of("bindings", "c", "src", "lib.rs")
    without = []
    for path in sorted(tracked("*.rs")):
        lines = text_of(path).splitlines()
        for number, line in enumerate(lines):
            if re.search(r"\bunsafe (\{|impl)", line.partition("//")[0]) and not explained(lines, number):
                without.append(f"{path}:{number + 1}")
    assert without == []


def explained(lines, number):
    """Whether a comment that begins with SAFETY stands above the statement of that line."""
    above = lines[max(0, number - 6) : number + 1]
    return any("SAFETY:" in line for line in above)


def code_of(path):
    """A source without its comments and attributes."""
    lines = (line.partition("//")[0] for line in text_of(path).splitlines())
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


@pytest.mark.parametrize(
    "heading", ["Supported versions", "Threat model", "Cryptography", "FIPS", "Phishing", "Reporting"]
)
def test_sup_05_security_md_has_a_section_for_it(heading):
    section = re.search(
        rf"^##+ {heading}.*?\n(.+?)(?=^##|\Z)", text_of("SECURITY.md"), re.MULTILINE | re.DOTALL
    )
    assert section is not None
    assert len(section[1].split()) > 20


def test_sup_05_the_supported_version_is_this_one():
    version = re.search(r'^version = "(\d+\.\d+)', text_of("Cargo.toml"), re.MULTILINE)[1]
    assert f"| {version}.x | yes |" in text_of("SECURITY.md")


def test_sup_05_the_inventory_names_what_each_crate_is_for():
    """A crate that comes is put either into the inventory or among those that touch no secret."""
    core = re.search(r"^\[dependencies\]\n(.+?)\n\n", text_of("Cargo.toml"), re.MULTILINE | re.DOTALL)[1]
    assert set(re.findall(r"^([\w-]+)\.workspace", core, re.MULTILINE)) == CRYPTOGRAPHY.keys() | PLAIN
    inventory = re.search(r"^## Cryptography\n(.+?)^## ", text_of("SECURITY.md"), re.MULTILINE | re.DOTALL)[1]
    missing = [word for word in CRYPTOGRAPHY.values() if word not in inventory]
    assert missing == []
