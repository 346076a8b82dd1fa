"""Why there is no weighted figure: without visits there is nothing to weight to, however many answered."""

from dataclasses import replace

from revisit.findings.summary import summarise
from tests.findings.samples import made_evidence


def test_answers_without_visits_are_not_called_few() -> None:
    evidence = made_evidence("lakeside")
    reasons = {row["path"]: row["reason"] for row in summarise(replace(evidence, visits=()))["suppressed"]}
    assert reasons["weighted"] == "no_visits"
    assert "weighted" not in {row["path"] for row in summarise(evidence)["suppressed"]}
