"""What can be wrong: problems found in a file, and the errors a person may meet."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in something a person wrote, with its place and its cure.

    Lines and columns count from 1; 0 means that the fault belongs to the whole file.
    """

    path: str
    line: int
    column: int
    code: str
    what: str
    cure: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Give the line that the terminal shows: ``file:line:col CODE what; what to do``."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{place} {self.code} {mark}{self.what.rstrip('.')}. {self.cure}"


class RevisitError(Exception):
    """Base of every error whose message is meant for a person: says what is wrong and what to do."""

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500


class CallError(RevisitError):
    """The command was called with something that cannot be right."""

    exit_code: ClassVar[int] = 2


class ContentError(RevisitError):
    """Files written by a person have faults; carries all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems in the order of file, line and column."""
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
