"""Sphinx extension: the directive ``growth`` draws seconds over rows from a table of measurements, as SVG."""

import csv
from collections.abc import Iterator
from math import ceil, floor, log10
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from flexirules.markup import svg, tag

INKS = ("#1a7f37", "#1a7f37", "#0b5cad", "#0b5cad", "#b42318", "#6b5200")
DASHES = (None, "6 3", None, "6 3", None, None)
INK, RULE = "#1f2328", "#d1d9e0"
LEFT, TOP, DECADE = 60, 14, 100
"""So far from the edges the drawing begins, and so long is a decade on both axes: a slope of one is linear growth."""

Points = list[tuple[int, float]]


def read(path: Path) -> dict[str, Points]:
    """Of each line its points."""
    lines: dict[str, Points] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lines.setdefault(row["line"], []).append((int(row["rows"]), float(row["seconds"])))
    return lines


def drawn(lines: dict[str, Points]) -> str:
    """The lines on two logarithmic axes."""
    every = [point for points in lines.values() for point in points]
    left, right = floor(log10(min(rows for rows, _ in every))), ceil(log10(max(rows for rows, _ in every)))
    low, high = floor(log10(min(s for _, s in every))), ceil(log10(max(s for _, s in every)))
    wide, tall = DECADE * (right - left), DECADE * (high - low)

    def at(rows: float, seconds: float) -> tuple[float, float]:
        x, y = LEFT + DECADE * (log10(rows) - left), TOP + tall - DECADE * (log10(seconds) - low)
        return round(x, 1), round(y, 1)

    def axes() -> Iterator[object]:
        for power in range(left, right + 1):
            x, _ = at(10**power, 10**low)
            yield tag("line", x1=x, x2=x, y1=TOP, y2=TOP + tall, stroke=RULE)
            yield tag("text", f"{10**power:,}", x=x, y=TOP + tall + 18, fill=INK, text_anchor="middle")
        for power in range(low, high + 1):
            _, y = at(10**left, 10.0**power)
            yield tag("line", x1=LEFT, x2=LEFT + wide, y1=y, y2=y, stroke=RULE)
            yield tag("text", f"{10.0**power:g} s", x=LEFT - 6, y=y + 4, fill=INK, text_anchor="end")
        yield tag("text", "rows", x=LEFT + wide / 2, y=TOP + tall + 36, fill=INK, text_anchor="middle")

    def curves() -> Iterator[object]:
        for place, (name, points) in enumerate(lines.items()):
            ink, dash = INKS[place % len(INKS)], DASHES[place % len(DASHES)]
            path = " ".join(f"{x},{y}" for x, y in (at(*point) for point in sorted(points)))
            yield tag("polyline", points=path, fill="none", stroke=ink, stroke_width=2, stroke_dasharray=dash)
            y = TOP + 20 + 20 * place
            x = LEFT + wide + 16
            yield tag("line", x1=x, x2=x + 26, y1=y, y2=y, stroke=ink, stroke_width=2, stroke_dasharray=dash)
            yield tag("text", name, x=x + 34, y=y + 4, fill=INK)

    total = LEFT + wide + 220
    return svg(
        tag(
            "svg",
            tag("title", "Seconds over rows, both logarithmic; the table beside it says the same"),
            tag("rect", width=total, height=TOP + tall + 44, fill="#ffffff"),
            axes(),
            curves(),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {total} {TOP + tall + 44}",
            role="img",
            font_family="sans-serif",
            font_size=12,
        )
    )


class Growth(SphinxDirective):
    """The directive ``growth``: its argument is the file of measurements, beside the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Draw it."""
        path = Path(self.env.doc2path(self.env.docname)).parent / self.arguments[0]
        self.env.note_dependency(str(path))
        return [nodes.raw("", drawn(read(path)), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register it."""
    app.add_directive("growth", Growth)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
