"""Tells Hypothesis how the types of a case are made. Hypothesis calls it when it is first imported."""


def register() -> None:
    """Register a strategy for each type of a case; the strategies are loaded when one is first asked for."""
    from hypothesis import strategies as st

    from flexirules.approval import Approval, Request
    from flexirules.case import Case, Declaration, Employment, Engagement, Formalities, Pension, Worker
    from flexirules.fraction import WorkFraction
    from flexirules.quarter import Quarter
    from flexirules.sector import Agency, Employer, Function, Nace, Sector

    def made(kind: type[object]) -> st.SearchStrategy[object]:
        from flexirules.testing.strategies import REGISTERED

        return REGISTERED[kind]()

    for kinds in (
        (Quarter, WorkFraction, Approval, Request),
        (Sector, Nace, Employer, Function, Agency),
        (Case, Worker, Employment, Pension, Engagement, Formalities, Declaration),
    ):
        for kind in kinds:
            st.register_type_strategy(kind, made)
