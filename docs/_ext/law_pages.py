"""Sphinx extension: writes the pages about the law from the ruleset, and cites provisions in other pages.

``{provision}`OSS-approval` `` links to the page of a provision; the directive of the same name quotes it.
"""

from pathlib import Path

import law_text
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

from flexirules.dated import provision_versions


def write(app: Sphinx) -> None:
    """Write every page that differs from what is there, and take away what is no page any more."""
    folder = Path(app.srcdir)
    try:
        made = {folder / f"{path}.md": text for path, text in law_text.pages()}
    except law_text.Undocumented as error:
        raise ExtensionError(str(error)) from error
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in (folder / "law").rglob("*.md"):
        if path not in made:
            path.unlink()


def name_graphs(_app: Sphinx, _page: str, _template: str, context: dict[str, object], _doctree: object) -> None:
    """Give each picture of a tree a name for those who do not see it; the same stands above it in words."""
    body = context.get("body")
    if isinstance(body, str):
        context["body"] = body.replace(' class="graphviz">', ' class="graphviz" aria-label="The same as a graph">')


def _reference(name: str, text: str) -> nodes.Node:
    if name not in provision_versions():
        raise ExtensionError(f"no provision {name}")
    from sphinx import addnodes

    target = f"/law/provisions/{law_text.slug(name)}"
    found = addnodes.pending_xref("", reftype="doc", refdomain="std", reftarget=target, refexplicit=True, refwarn=True)
    found += nodes.inline("", text)
    return found


class Cite(SphinxRole):
    """The role ``provision``: a link to the page of a provision, by its citation."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Make the link."""
        name = self.text.strip()
        latest = provision_versions()[name][-1] if name in provision_versions() else None
        return [_reference(name, latest.citation if latest is not None else name)], []


class Quote(SphinxDirective):
    """The directive ``provision``: what a provision says in our words, and its citation."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the quotation."""
        name = self.arguments[0]
        reference = _reference(name, name)
        latest = provision_versions()[name][-1]
        words = nodes.paragraph("", latest.content)
        cited = nodes.attribution("", "", nodes.inline("", f"{latest.citation} ("), reference, nodes.inline("", ")"))
        return [nodes.block_quote("", words, cited)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register all of it."""
    app.connect("builder-inited", write)
    app.connect("html-page-context", name_graphs)
    app.add_role("provision", Cite())
    app.add_directive("provision", Quote)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
