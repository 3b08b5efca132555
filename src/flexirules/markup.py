"""HTML and SVG as trees of elements, so that what a case says is text and never markup."""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, tostring

__all__ = ["COLOURS", "Content", "html", "svg", "tag"]

COLOURS: Final = {
    "eligible": "#1a7f37",
    "not_eligible": "#b42318",
    "clarification_required": "#0b5cad",
    "undetermined": "#6b5200",
}
"""Of each outcome a colour dark enough for white words on it, and for itself on white: each contrast is above 4.5."""

Content = Element | str | Iterable["Content"]


def tag(name: str, /, *content: Content, **attributes: object) -> Element:
    """An element; of an attribute ``_`` at the end is dropped and within is a hyphen. ``None``: no such attribute."""
    made = Element(name, {_named(key): str(value) for key, value in attributes.items() if value is not None})
    last: Element | None = None
    for part in _flat(content):
        if isinstance(part, Element):
            made.append(part)
            last = part
        elif last is None:
            made.text = (made.text or "") + part
        else:
            last.tail = (last.tail or "") + part
    return made


def _flat(content: Iterable[Content]) -> Iterator[Element | str]:
    for part in content:
        if isinstance(part, Element | str):
            yield part
        else:
            yield from _flat(part)


def _named(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def html(element: Element) -> str:
    """An element as HTML text."""
    return tostring(element, encoding="unicode", method="html")


def svg(element: Element) -> str:
    """An element as XML text."""
    return tostring(element, encoding="unicode")
