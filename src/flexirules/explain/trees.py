"""Why and why not as immutable trees without prose: all of, any of, grounds and ways."""

from itertools import product

import attrs

from flexirules.finding import Verdict


@attrs.frozen(kw_only=True)
class Ground:
    """One fact on which an answer stands.

    Args:
        fact: its name in law. path: where the case tells it.
        found: the value found, as text; what is known in part as all that it may be.
        required: the values with which the answer stands, as text; numbers as ``>= 4/5``.
        provisions: ids of the provisions that ask for it.
    """

    fact: str
    path: str
    found: str
    required: tuple[str, ...]
    provisions: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Change:
    """One fact with other values, any of which will do.

    ``found`` and ``to`` as in a ``Ground``. ``remedy``: what somebody can still do for it (``ask-oss``, ``file-again``,
    ``another-employer``, ``another-function``, ``later``: begin in a later quarter); empty where it lies in the past,
    is a given, or makes nothing better.
    """

    fact: str
    path: str
    found: str
    to: tuple[str, ...]
    provisions: tuple[str, ...]
    remedy: str


@attrs.frozen(kw_only=True)
class Way:
    """Facts that have to change together, and the verdict to which the part of the law then comes that they belong to.

    ``unknown``: it then hangs on what is not known, or on law that is not settled.
    """

    changes: tuple[Change, ...]
    verdict: Verdict

    @property
    def facts(self) -> frozenset[str]:
        """The paths and names of the facts that change."""
        return frozenset(f"{change.path} {change.fact}" for change in self.changes)

    @property
    def open_to_act(self) -> bool:
        """Whether a person or the employer can still do something for every change."""
        return all(change.remedy for change in self.changes)


@attrs.frozen
class Every:
    """All of these."""

    parts: "tuple[Ground | Way | Every | Some, ...]"


@attrs.frozen
class Some:
    """Any one of these is enough."""

    parts: "tuple[Ground | Way | Every | Some, ...]"


Node = Ground | Way | Every | Some
Leaf = Ground | Way


Sized = list[tuple[int, tuple[Leaf, ...]]]
"""Sets with the number of their facts, the smallest first."""


def smallest_sets(node: Node, most: int) -> tuple[tuple[Leaf, ...], ...]:
    """The ways to have all of what a tree asks for, at most so many, the smallest first."""
    return tuple(found for _, found in _sized(node, most))


def _sized(node: Node, most: int) -> Sized:
    match node:
        case Ground():
            return [(1, (node,))]
        case Way():
            return [(len(node.changes), (node,))]
        case Some(parts):
            return sorted((found for part in parts for found in _sized(part, most)), key=_size)[:most]
        case _:
            # The smallest of all parts together are made of the smallest of each, so that no more is looked at.
            sets: Sized = [(0, ())]
            for part in node.parts:
                pairs = sorted(product(sets, _sized(part, most)), key=lambda pair: pair[0][0] + pair[1][0])
                sets = [(one[0] + more[0], (*one[1], *more[1])) for one, more in pairs[:most]]
            return sets


def _size(found: tuple[int, tuple[Leaf, ...]]) -> int:
    return found[0]


def document(node: Node) -> dict[str, object]:
    """A tree as plain values."""
    match node:
        case Every(parts):
            return {"all_of": [document(part) for part in parts]}
        case Some(parts):
            return {"any_of": [document(part) for part in parts]}
        case Way(changes=changes, verdict=verdict):
            return {"verdict": verdict.value, "changes": [_plain(change) for change in changes]}
        case _:
            return _plain(node)


def _plain(leaf: Ground | Change) -> dict[str, object]:
    found = attrs.asdict(leaf)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
