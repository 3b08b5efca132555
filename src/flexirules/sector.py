"""Where the flexi-job is done: joint committee, NACE code, kind of employer; and what will be done there."""

import re
from functools import lru_cache
from typing import Final

import attrs

from flexirules._checks import Value, check_flag, check_kind, check_text, check_word
from flexirules.errors import InvalidInput, show, wrong_type

ACTIVITIES: Final = (
    "ordinary",
    "artistic",
    "regulated_care",
    "domestic",
    "sex_work",
    "funeral_casual",
    "event_organisation",
    "lifeguard_certified",
    "parks_and_gardens",
    "shore_staff",
    "warehouse_staff",
    "subsidised_education",
)
AUTHORITIES: Final = ("flemish", "german_speaking", "french", "federal", "local")
NACE_VERSIONS: Final = ("2008", "2025")
_ACTIVITIES: Final = frozenset(ACTIVITIES)
_AUTHORITIES: Final = frozenset(AUTHORITIES)
_COMMITTEE: Final = re.compile(r"([0-9]{3})((?:\.[0-9]{2}){0,3}|\.[0-9]{2}\.[0-9]{2}-[0-9]{2}\.[0-9]{2})")


@attrs.frozen(init=False, repr=False, order=True)
class JointCommittee:
    """A joint (sub)committee (paritair comité, commission paritaire, paritätische Kommission).

    Trailing zero parts are dropped, so ``302.00`` is ``302``; nothing else is repaired.

    >>> JointCommittee("118.03.00-00.00"), JointCommittee("118.03").within(JointCommittee("118"))
    (JointCommittee('118.03'), True)

    Raises:
        InvalidInput: another spelling, such as ``PC302`` or ``118.3``.
        WrongType: a number: 118.1 and 118.10 are one float.
    """

    code: str

    def __init__(self, code: str) -> None:
        if type(code) is not str:
            raise wrong_type("joint_committee", code, 'text such as "302" or "118.03"')
        if not code:
            raise InvalidInput("E-NAME", "joint_committee", "a joint committee is not empty: ''")
        if not code.isascii() or not _COMMITTEE.fullmatch(code):
            raise InvalidInput(
                "E-COMMITTEE",
                "joint_committee",
                f'a joint committee is written like "302" or "118.03", not {show(code)}',
            )
        parts = code.replace("-", ".").split(".")
        while len(parts) > 1 and parts[-1] == "00":
            parts.pop()
        object.__setattr__(self, "code", ".".join(parts))

    @property
    def parent(self) -> "JointCommittee | None":
        """The committee above a subcommittee."""
        head, dot, _ = self.code.rpartition(".")
        return JointCommittee(head) if dot else None

    def within(self, other: "JointCommittee") -> bool:
        """Whether this is ``other`` or one of its subcommittees."""
        return self.code == other.code or self.code.startswith(other.code + ".")

    def __str__(self) -> str:
        return self.code

    def __repr__(self) -> str:
        return f"JointCommittee({self.code!r})"

    def __reduce__(self) -> tuple[type["JointCommittee"], tuple[str]]:
        return JointCommittee, (self.code,)


@attrs.frozen(init=False, repr=False)
class Nace:
    """The main activity of an employer in NACE-BEL: a code of five digits, with its version.

    The version says which list the digits belong to; the code may be not known while the version is.

    >>> Nace("85.531", "2008")
    Nace('85531', '2008')

    Raises:
        InvalidInput: not five digits (a dot after the second may be printed), or an unknown version.
        WrongType: a number.
    """

    code: str | None
    version: str | None

    def __init__(self, code: str | None, version: str | None = None) -> None:
        if code is not None:
            if type(code) is not str:
                raise wrong_type("nace", code, 'text such as "85531"')
            plain = code[:2] + code[3:] if len(code) == 6 and code[2] == "." else code
            if len(plain) != 5 or not plain.isascii() or not plain.isdigit():
                raise InvalidInput("E-NACE", "nace", f'a NACE-BEL code has five digits like "85531", not {show(code)}')
            code = plain
        if version is not None:
            check_word("nace_version", version, frozenset(NACE_VERSIONS))
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "version", version)

    def __repr__(self) -> str:
        return f"Nace({self.code!r}, {self.version!r})"

    def __reduce__(self) -> tuple[type["Nace"], tuple[str | None, str | None]]:
        return Nace, (self.code, self.version)


def _committee(value: JointCommittee | str | None) -> JointCommittee | None:
    if value is None or type(value) is JointCommittee:
        return value
    return _named_committee(value) if type(value) is str else JointCommittee(value)  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _named_committee(code: str) -> JointCommittee:
    """One and the same committee for one spelling: a pool of workers names the same few."""
    return JointCommittee(code)


def _nace(value: Nace | str | None) -> Nace | None:
    if type(value) is Nace:
        # Neither code nor version: not known, for which there is one spelling.
        return None if value.code is None and value.version is None else value
    if value is None:
        return None
    return Nace(value)  # type: ignore[arg-type]  # it refuses what is not text


@attrs.frozen(kw_only=True)
class Sector(Value):
    """What the law asks of the flexi-job employer (with an agency: of the user). ``None``: not known.

    Args:
        joint_committee: a ``JointCommittee`` or its text; a public employer may have none.
        nace: the main activity, a ``Nace`` or its five digits.
        public: whether the employer is a public one.
        authority: the community that organises, subsidises or recognises the employer: ``flemish``,
            ``german_speaking``, ``french``, ``federal``; ``local`` is too coarse where a community decides.
        bakery_fund: whether the employer pays into the bakery fund.

    >>> Sector(joint_committee="302").joint_committee
    JointCommittee('302')

    Source: Law of 16 November 2015, art. 2, consulted 2026-11-23.
    """

    joint_committee: JointCommittee | None = attrs.field(default=None, converter=_committee)
    nace: Nace | None = attrs.field(default=None, converter=_nace)
    public: bool | None = None
    authority: str | None = None
    bakery_fund: bool | None = None

    def __attrs_post_init__(self) -> None:
        if self.public is not None:
            check_flag("public", self.public)
        if self.authority is not None:
            check_word("authority", self.authority, _AUTHORITIES)
        if self.bakery_fund is not None:
            check_flag("bakery_fund", self.bakery_fund)


@attrs.frozen
class Function(Value):
    """What the worker will do, where the law asks. ``activity`` is one of ``ACTIVITIES``; ``None``: not known.

    >>> Function("regulated_care")
    Function(activity='regulated_care')
    """

    activity: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.activity is not None:
            check_word("activity", self.activity, _ACTIVITIES)


@attrs.frozen
class Agency(Value):
    """A temporary-work agency (uitzendbureau, entreprise de travail intérimaire, Leiharbeitsunternehmen)."""

    id: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.id is not None:
            check_text("id", self.id)


@attrs.frozen
class Employer(Value):
    """The flexi-job employer; with an agency, the user. ``None``: not known."""

    id: str | None = None
    sector: Sector | None = None

    def __attrs_post_init__(self) -> None:
        if self.id is not None:
            check_text("id", self.id)
        if self.sector is not None:
            check_kind("sector", self.sector, Sector)
