"""What a start of the house does not wait for."""

import subprocess
import sys

HEAVY = ("reportlab", "openpyxl", "PIL", "numpy", "alembic")


def test_the_web_starts_without_what_only_a_report_needs() -> None:
    """These take half a second to load, in each process."""
    code = f"import app.web, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
