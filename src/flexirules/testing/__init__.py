"""For projects that embed flexirules, or decide the same law in another language: vectors and strategies.

Nothing here is loaded by ``import flexirules``. The strategies are in ``flexirules.testing.strategies`` and need the
extra ``hypothesis``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flexirules.testing._population import population
    from flexirules.testing._vectors import Vector, differences, manifest, official, vectors

__all__ = ["Vector", "differences", "manifest", "official", "population", "vectors"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "population":
        from flexirules.testing._population import population

        return population
    from flexirules.testing import _vectors as module

    found: object = getattr(module, name)
    return found
