"""Sphinx: furo and Markdown, built with every reference checked and every warning an error."""

import sys
import tomllib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "flexirules"
author = "flexirules contributors"
copyright = f"2026, {author}"
version = release = _PROJECT["version"]

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx.ext.graphviz",
    "sphinx_design",
    "sphinx_copybutton",
    "sphinxext.opengraph",
    "notfound.extension",
    "growth",
    "law_pages",
]
myst_enable_extensions = ["colon_fence", "deflist"]
graphviz_output_format = "svg"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
# The picture of a link is made of text alone, without fonts that a machine may lack.
ogp_social_cards = {"enable": False}
ogp_site_url = ""
# A page that is not there may be asked for at any depth; the site is served from its own root.
notfound_urls_prefix = "/"
myst_heading_anchors = 3
exclude_patterns = ["_build", "_offline"]

html_theme = "furo"
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
# What docs/_ext/offline.py has prepared, if it has: with it, every example runs in the page.
_OFFLINE = Path(__file__).parent / "_offline"
html_extra_path = ["_offline"] if _OFFLINE.is_dir() else []
html_js_files = [(name, {"type": "module"}) for name in ("site.js", *["runnable.js"] * _OFFLINE.is_dir())]
html_title = f"{project} {version}"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False

nitpicky = True
# The docs build without a network, so names of other packages are not resolved.
nitpick_ignore_regex = [
    (r"py:.*", r"(attrs?|builtins|collections|datetime|decimal|enum|fractions|hypothesis|numbers|typing)(\..*)?"),
    (r"py:.*", r"(date|Decimal|Fraction|Final|Iterable|Iterator|Mapping|Self|Enum|StrEnum|IntEnum|Any)"),
    (r"py:.*", r"(bool|bytes|dict|float|frozenset|int|list|object|str|tuple|type|None|property)"),
    (r"py:.*", r"(Exception|LookupError|TypeError|ValueError)"),
    # Exists for type checkers only.
    (r"py:.*", r"Exact"),
    # Inside a ruleset and a decision: no part of what may be relied on.
    (r"py:.*", r"flexirules\.law\.ruleset\.(Era|Settled)"),
    (r"py:.*", r"flexirules\.dated\.D"),
]

_COLON = "\N{MODIFIER LETTER COLON}"


def _hide_colon(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    """Napoleon takes what stands before a colon in the docstring of a constant for its type; ours are sentences."""
    if what in {"attribute", "data", "property"} and lines:
        lines[0] = lines[0].replace(":", _COLON)


def _show_colon(app: Sphinx, what: str, name: str, obj: object, options: Any, lines: list[str]) -> None:
    lines[:] = [line.replace(_COLON, ":") for line in lines]


def setup(app: Sphinx) -> None:
    """Run the two before and after napoleon, whose priority is 500."""
    app.connect("autodoc-process-docstring", _hide_colon, priority=400)
    app.connect("autodoc-process-docstring", _show_colon, priority=600)
