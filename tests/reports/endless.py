"""Work for a child that has an end for one report and none for the others."""

import threading

from revisit.flows.reporting.draw_report import draw_next
from revisit.flows.reporting.issue_report import Drawn, Job
from revisit.records.survey import LANGUAGES


def one_and_no_more(job: Job) -> Drawn | str:
    """Draw what is for the first language, and be at the next for ever."""
    if job.language != LANGUAGES[0]:
        threading.Event().wait()
    return draw_next(job)
