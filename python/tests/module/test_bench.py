"""The benchmark runs: what it compares still exists and still does what is compared."""

import re
import subprocess
import sys


def test_the_benchmark_runs_and_leaves_out_only_peers_that_are_not_installed(repository):
    script = repository / "bench" / "python" / "bench.py"
    run = subprocess.run([sys.executable, str(script), "--quick"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    rows = re.findall(r'^    Row\(\s*"([^"]+)"', script.read_text(), re.MULTILINE)
    assert len(rows) == 10
    measured = [
        line[:24].strip() for line in run.stdout.splitlines() if "x" in line and "left out" not in line
    ]
    assert set(rows) - set(measured) == set(), run.stdout
    assert "import" in measured
