"""`make demo` as a person sees it who sends its output to a file."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.thorough


@pytest.mark.timeout(240)
def test_the_demo_ends_with_a_verdict_the_weights_proven_and_what_it_cost(tmp_path: Path) -> None:
    arguments = ["--folder", str(tmp_path / "demo"), "--hub-port", "0", "--bot-port", "0"]

    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=220,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    _, _, end = done.stdout.partition("the final answer is in the thread")
    assert "✅       full_inference_success" in end
    assert "weights  proven: Beside the model itself" in end
    assert "cost     less than $" in end
    assert "The Space is BUILDING." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
