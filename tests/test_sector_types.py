"""Joint committees, NACE codes, sectors and functions as types."""

import copy
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexirules import sector as module
from flexirules.errors import InvalidInput, WrongType
from flexirules.sector import ACTIVITIES, AUTHORITIES, Agency, Employer, Function, JointCommittee, Nace, Sector

NAMES = {name: getattr(module, name) for name in ("Agency", "Employer", "Function", "JointCommittee", "Nace", "Sector")}
committees = st.from_regex(r"\A[0-9]{3}(\.[0-9]{2}){0,3}\Z", fullmatch=True).filter(str.isascii).map(JointCommittee)
naces = st.builds(Nace, st.none() | st.integers(0, 99999).map("{:05d}".format), st.sampled_from((None, "2008", "2025")))
flags = st.sampled_from((None, True, False))
sectors = st.builds(
    Sector,
    joint_committee=st.none() | committees,
    nace=st.none() | naces,
    public=flags,
    authority=st.sampled_from((None, *AUTHORITIES)),
    bakery_fund=flags,
)
employers = st.builds(Employer, id=st.sampled_from((None, "cafe-central", "Café")), sector=st.none() | sectors)
values = st.one_of(
    committees,
    naces,
    sectors,
    employers,
    st.builds(Function, st.sampled_from((None, *ACTIVITIES))),
    st.builds(Agency, st.sampled_from((None, "interim"))),
)


def said(kind, act):
    """The whole text of the error that an act raises."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return str(caught.value)


@given(values)
def test_round_trips(value):
    """Every value comes back equal, with the same hash, from repr, pickle and copy."""
    shown = eval(repr(value), dict(NAMES))  # noqa: S307 - the library's own repr
    for back in (shown, pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert (back, hash(back)) == (value, hash(value))


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("302", "302"),
        ("302.00", "302"),
        ("118.03.00-00.00", "118.03"),
        ("118.03.00", "118.03"),
        ("302.00.00.00", "302"),
    ],
)
def test_trailing_zero_parts(code, plain):
    """Zero parts at the end are left out, nothing else is repaired."""
    assert str(JointCommittee(code)) == plain


def test_parent():
    """The parent of a subcommittee is its committee, which has none."""
    assert (JointCommittee("118.03").parent, JointCommittee("118").parent) == (JointCommittee("118"), None)


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [("118.03", "118", True), ("118", "118", True), ("118", "118.03", False), ("118.03", "118.04", False)],
)
def test_within(inner, outer, expected):
    """A subcommittee is within its committee, not the other way round."""
    assert JointCommittee(inner).within(JointCommittee(outer)) is expected


def test_order():
    """Committees sort by their code."""
    assert JointCommittee("118.03") < JointCommittee("302")


def test_nace_dot():
    """A dot after the second digit may be printed."""
    assert Nace("85.531").code == "85531"


def test_sector_converts_text():
    """A sector takes the text of a committee and of a NACE code."""
    assert Sector(joint_committee="302", nace="56101") == Sector(
        joint_committee=JointCommittee("302"), nace=Nace("56101")
    )


def test_empty_nace_is_not_known():
    """A NACE code of which neither digits nor version are known is not known: one spelling for one thing."""
    assert Sector(nace=Nace(None, None)) == Sector()


def test_parts_are_kept():
    """A ``JointCommittee`` and a ``Nace`` are taken as they are."""
    committee, nace = JointCommittee("302"), Nace("56101", "2008")
    sector = Sector(joint_committee=committee, nace=nace, public=True, authority="local", bakery_fund=False)
    assert (sector.joint_committee, sector.nace) == (committee, nace)


def test_frozen():
    """A sector cannot be changed."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Sector().public = True


@pytest.mark.parametrize(
    ("act", "kind", "text"),
    [
        (lambda: JointCommittee(302), WrongType, 'joint_committee: expected text such as "302" or "118.03", not int'),
        (lambda: JointCommittee(""), InvalidInput, "joint_committee: a joint committee is not empty: ''"),
        (
            lambda: JointCommittee("PC302"),
            InvalidInput,
            """joint_committee: a joint committee is written like "302" or "118.03", not 'PC302'""",
        ),
        (
            lambda: JointCommittee("٣٠٢"),
            InvalidInput,
            """joint_committee: a joint committee is written like "302" or "118.03", not '٣٠٢'""",
        ),
        (lambda: Nace(85531), WrongType, 'nace: expected text such as "85531", not int'),
        (lambda: Nace("8553"), InvalidInput, """nace: a NACE-BEL code has five digits like "85531", not '8553'"""),
        (lambda: Nace("8553٣"), InvalidInput, """nace: a NACE-BEL code has five digits like "85531", not '8553٣'"""),
        (lambda: Nace("8553x"), InvalidInput, """nace: a NACE-BEL code has five digits like "85531", not '8553x'"""),
        (lambda: Nace("85531", "2003"), InvalidInput, "nace_version: expected one of 2008, 2025, not '2003'"),
        (lambda: Nace("85531", 2008), WrongType, "nace_version: expected text, not int"),
        (
            lambda: Sector(joint_committee=118.1),
            WrongType,
            'joint_committee: expected text such as "302" or "118.03", not float',
        ),
        (lambda: Sector(nace=85531), WrongType, 'nace: expected text such as "85531", not int'),
        (lambda: Sector(public="no"), WrongType, "public: expected True or False, not str"),
        (lambda: Sector(bakery_fund=1), WrongType, "bakery_fund: expected True or False, not int"),
        (
            lambda: Sector(authority="walloon"),
            InvalidInput,
            "authority: expected one of federal, flemish, french, german_speaking, local, not 'walloon'",
        ),
        (lambda: Function(1), WrongType, "activity: expected text, not int"),
        (lambda: Agency(""), InvalidInput, "id: an identifier neither is empty nor begins or ends with a space: ''"),
        (
            lambda: Employer(" a"),
            InvalidInput,
            "id: an identifier neither is empty nor begins or ends with a space: ' a'",
        ),
        (lambda: Employer("a", "302"), WrongType, "sector: expected a Sector, not str"),
    ],
)
def test_refused(act, kind, text):
    """What is impossible is refused with what was given and what is possible."""
    assert said(kind, act) == text
