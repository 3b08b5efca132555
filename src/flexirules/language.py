"""The four languages of every text: English stands in the source, the others in gettext catalogues beside it."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from flexirules.errors import InvalidInput, WrongType, show

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["ENGLISH", "LANGUAGES", "message", "speaker"]

ENGLISH: Final = "en"
LANGUAGES: Final = ("en", "nl", "fr", "de")
"""The languages in which every text is given."""


def message(text: str) -> str:
    """Mark a text for the catalogues; it stays as it is."""
    return text


def speaker(language: str) -> Callable[[str], str]:
    """What gives a marked text in one of the four languages; neither locale nor environment is asked.

    Raises:
        WrongType: a language that is not text.
        InvalidInput: a language that is none of the four.

    >>> speaker("nl")("Eligible")
    'Toegelaten'
    """
    if type(language) is not str:
        raise WrongType("E-TYPE", "language", f"expected text, not {type(language).__name__}")
    if language not in LANGUAGES:
        raise InvalidInput("E-LANGUAGE", "language", f"expected one of {', '.join(LANGUAGES)}, not {show(language)}")
    return message if language == ENGLISH else _catalogue(language).gettext


@cache
def _catalogue(language: str) -> "NullTranslations":
    """A compiled catalogue, read through the loader of the package: from a directory or a zip."""
    from gettext import GNUTranslations
    from io import BytesIO
    from pkgutil import get_data

    found = get_data("flexirules", f"locale/{language}/LC_MESSAGES/flexirules.mo")
    assert found is not None
    return GNUTranslations(BytesIO(found))
