"""Properties that say what they saw of each drawn value: what was seen too rarely was not tested, and fails."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUIET = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    # The first value of an era costs the cells of the era, and filters are watched by the floors.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def holds(check, *strategies, floors, number=200):
    """Run a check on drawn values, the same at each run.

    Args:
        check: a function that asserts and returns what it saw (a verdict, a reason, a pair of them).
        strategies: one for each of its arguments.
        floors: how often each thing has to be seen at least; what is seen and not named here is no fault.
        number: so many draws.
    """
    seen = Counter()

    def run(values):
        seen[check(*values)] += 1

    settings(QUIET, max_examples=number)(given(st.tuples(*strategies))(run))()
    rare = {what: seen[what] for what, floor in floors.items() if seen[what] < floor}
    assert rare == {}, f"seen too rarely: {rare}; seen: {dict(seen)}"
