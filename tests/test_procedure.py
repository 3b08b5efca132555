"""The expat's procedure as a machine: whatever happens, in whatever order, the state and the answer agree with it."""

from typing import Final

import attrs
import pytest
from floors import QUIET
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from flexirules import Approval, Employment, Formalities, Quarter, evaluate
from flexirules.approval import EVENTS, STATES, advance, procedure_state
from flexirules.case import Declaration, Request
from flexirules.errors import IllegalEvent
from flexirules.testing.situations import case

pytestmark = pytest.mark.slow

FIRST, LAST = Quarter(2024, 1), Quarter(2026, 4)

DIAGRAM = {
    "none": {"request": "requested", "file-warned": "warned", "file-accepted": "accepted"},
    "warned": {"report": "requested-and-warned"},
    "requested": {"file-warned": "requested-and-warned", "approve": "granted", "refuse": "refused"},
    "requested-and-warned": {"approve": "granted-and-warned", "refuse": "refused-and-warned"},
    "granted": {"file-warned": "granted-and-warned"},
    "refused": {"file-warned": "refused-and-warned"},
    "accepted": {},
    "granted-and-warned": {},
    "refused-and-warned": {},
}
"""The procedure as the page of the Overseas Social Security tells it (S4 to S15), written down once more."""
ANSWERS = {
    "none": "clarification_required",
    "warned": "clarification_required",
    "requested": "clarification_required",
    "requested-and-warned": "clarification_required",
    "accepted": "eligible",
    "granted": "eligible",
    "granted-and-warned": "eligible",
    "refused": "not_eligible",
    "refused-and-warned": "not_eligible",
}
"""What is said of an expat who worked full time overseas in every quarter, and whom nothing else bars."""


REACHED: Final[set] = set()
"""The states that some run was in, and the events that were refused, each with its state."""


class Expat(RuleBasedStateMachine):
    """One expat over several quarters: letters and questions are kept, and each quarter begins again."""

    def __init__(self):
        super().__init__()
        self.quarter, self.state, self.result = FIRST, "none", None
        self.letters, self.asked = (), ()

    @rule(chosen=st.data())
    def something_happens(self, chosen):
        """What may happen changes the state as the diagram says."""
        possible = DIAGRAM[self.state]
        if not possible:
            return
        event = chosen.draw(st.sampled_from(sorted(possible)))
        self.state = advance(self.state, event)
        assert self.state == possible[event]
        match event:
            case "request" | "report":
                by = "worker" if event == "request" else "employer"
                self.asked += (Request(quarter=self.quarter, by=by),)
            case "approve" | "refuse":
                self.letters += (Approval(quarter=self.quarter, granted=event == "approve"),)
            case "file-warned" | "file-accepted":
                self.result = "W" if event == "file-warned" else "A"

    @rule()
    def the_quarter_ends(self):
        """Whatever was decided, the next quarter begins where nothing was."""
        if self.quarter < LAST:
            self.quarter += 1
            self.state, self.result = "none", None

    @invariant()
    def the_state_is_computed(self):
        """The state follows from what is held and known, and is stored nowhere."""
        REACHED.add(self.state)
        assert procedure_state(self.quarter, self.letters, self.asked, self.result) == self.state

    @invariant()
    def nothing_else_happens(self):
        """Whatever else might happen raises, and changes nothing."""
        for event in {*EVENTS} - {*DIAGRAM[self.state]}:
            try:
                advance(self.state, event)
            except IllegalEvent:
                continue
            raise AssertionError(f"{event} happened in {self.state}")
        assert procedure_state(self.quarter, self.letters, self.asked, self.result) == self.state

    @invariant()
    def the_answer_follows(self):
        """The outcome and whether the warning may be ignored follow from the state of this quarter alone."""
        start, before = self.quarter.first_day, (3, 4, 5)
        jobs = [
            Employment(quarter=self.quarter - n, employer="abroad", fraction=1, status="employee", scheme="overseas")
            for n in before
        ]
        filed = None if self.result is None else Declaration(filed_on=start, result=self.result)
        given = attrs.evolve(
            case(start, jobs, letters=self.letters),
            requests=self.asked,
            formalities=Formalities(declaration=filed),
        )
        decision = evaluate(given)
        assert decision.outcome.value == ANSWERS[self.state]
        assert decision.dimona.warning_may_be_ignored is self.state.startswith("granted")


def test_the_machine():
    """Over many runs the machine is in every state, agrees at every step and refuses all that cannot happen."""
    quiet = settings(QUIET, max_examples=300, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow])
    REACHED.clear()
    run_state_machine_as_test(Expat, settings=quiet)
    assert {*STATES} == REACHED


def test_final_states_are_final():
    """Where nothing more can happen in a quarter, the diagram has no way out; elsewhere each state has one."""
    assert {state for state, possible in DIAGRAM.items() if not possible} == {
        "accepted",
        "granted-and-warned",
        "refused-and-warned",
    }
