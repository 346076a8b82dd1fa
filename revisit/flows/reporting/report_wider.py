"""What a report holds beyond the findings of its unit: splits, outlets, repeated faults, and the range of chance."""

from datetime import timedelta
from typing import Any

from revisit.findings.comparing.outlets import Leaves, expected, outlets
from revisit.findings.comparing.repeats import WITHIN, repeats
from revisit.findings.comparing.splits import splits
from revisit.findings.evidence import Evidence
from revisit.findings.summary import rounded_off
from revisit.findings.withholding.pool import Pool
from revisit.flows.reporting.issue_report import Job
from revisit.forms.series import sampled_since
from revisit.records.organisation import Unit
from revisit.records.periods import Period
from revisit.records.survey import Survey
from revisit.store.protocol import Scope, Store


def wider(store: Store, job: Job, survey: Survey, shared: Pool) -> dict[str, Any]:
    """Give what a report of this kind and level of privacy prints besides; docs/reports.md says what each means.

    ``shared`` are the answers of the whole organisation that the findings were made from.
    """
    if job.level == "public" or job.kind not in {"branch", "network"}:
        return {}
    root = job.settings.organisation.root
    period = Period.between(job.first, job.last)

    sampled = sampled_since(job.settings.workspace.versions, survey.name)

    def seen(unit: Unit) -> Leaves:
        organisation = job.settings.organisation
        return Leaves(survey, organisation, unit, period, job.cutoff, (), (), shared=shared, sampled=sampled)

    ours = seen(job.unit)
    found: dict[str, Any] = {"expected": None if job.unit == root else expected(ours, seen(root))}
    if job.kind == "network":
        found["outlets"] = outlets(ours)
        scope = Scope(root.path, *Evidence.span(period, job.unit, job.cutoff))
        found["splits"] = splits(ours, list(store.response_rows(survey.name, scope)))
        before = job.first - timedelta(days=WITHIN)
        found["repeats"] = repeats(store.orders(Scope(job.unit.path, before, job.last)), job.first, job.last)
    rounded = rounded_off(found)
    assert isinstance(rounded, dict)  # noqa: S101 — a dict stays one
    return rounded
