"""The code of the how-to pages runs, each page in a process of its own."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
PAGES = {
    path.stem: "\n".join(CODE.findall(path.read_text(encoding="utf-8"))) for path in (ROOT / "docs").glob("howto/*.md")
}
WANTS = {"fastapi": "fastapi", "django": "django"}


@pytest.mark.parametrize("name", sorted(name for name, code in PAGES.items() if code))
def test_page(name):
    """What the page shows works as written: it asserts what it says."""
    if name in WANTS and find_spec(WANTS[name]) is None:
        pytest.skip("wants the dependency group howto, which .ci/run installs")
    code = PAGES[name]
    assert "assert " in code
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr[-2000:]
