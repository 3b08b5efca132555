"""For a fuzzer that follows the coverage (atheris): bytes read as a case; only a FlexirulesError may come out.

    python -m pip install atheris
    python tests/fuzz_json.py -max_total_time=600 [CORPUS]

A corpus begins well with the official cases: ``flexirules conformance --write`` gives them.
"""

import sys

import flexirules
from flexirules import Case, FlexirulesError


def one(data, evaluate=flexirules.evaluate):
    """Read bytes as the text of a case, and decide what comes out."""
    try:
        case = Case.from_json(data.decode("utf-8", "surrogateescape"))
    except FlexirulesError:
        return
    if Case.from_json(case.to_json()) != case:
        raise AssertionError("a case does not come back equal")
    evaluate(case)


if __name__ == "__main__":
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
