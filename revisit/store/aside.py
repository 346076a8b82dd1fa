"""Answers set aside while their partition could not be read: what they lack, and what a second one becomes."""

from dataclasses import replace

from revisit.records.responses import Response
from revisit.records.visits import Invitation


def completed(response: Response, invitation: Invitation | None) -> Response:
    """Give an answer with what its invitation says and could not be read when it came."""
    if invitation is None:
        return response
    return replace(
        response,
        unit=invitation.unit,
        day=invitation.day,
        visit_id=invitation.visit_id,
        facts=invitation.facts,
        sample=invitation.sample,
    )


def as_second(response: Response) -> Response:
    """Mark an answer as one that came after the one that counts; it is kept apart and changes no figure."""
    return replace(response, flags=(*response.flags, "second"))
