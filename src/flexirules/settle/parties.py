"""Who is who in a case: the flexi-job employer or user, the agency, and the worker's jobs."""

from flexirules.case import Case, Employment

NAMELESS = "\N{EM DASH}"
"""Stands for an employer without an identifier."""
ANOTHER = "\N{EM DASH}other"
"""Stands for an employer that the case does not name."""


def flexi_id(case: Case) -> str:
    """The identifier of the flexi-job employer; with an agency, of the user."""
    return (case.employer.id if case.employer is not None else None) or NAMELESS


def agency_ids(case: Case) -> tuple[str, ...]:
    """The identifier of the agency, where there is one and it is known."""
    return (case.agency.id,) if case.agency is not None and case.agency.id is not None else ()


def jobs(case: Case) -> tuple[Employment, ...]:
    """The worker's jobs, as far as any are known."""
    return (case.worker.employments if case.worker is not None else None) or ()
