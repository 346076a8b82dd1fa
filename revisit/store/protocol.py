"""What a store promises, in the domain's words. Every backend passes the suite in tests/store."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from revisit.records.letters import Letter, LetterState
from revisit.records.orders import Batch, Contact, RepairOrder
from revisit.records.people import AuditLine, Session, User
from revisit.records.problems import RevisitError
from revisit.records.reports import IssuedReport
from revisit.records.responses import Response
from revisit.records.tags import Tag, Verdicts
from revisit.records.visits import Invitation, Poster, Visit
from revisit.store.contents import Row

# What only one program does at a time, on however many machines: hand letters over; do what is due by the clock.
Turn = Literal["letters", "tick"]

# What can be counted, and what counts can be told apart by. A month is the yymm of the day that a record counts in.
Counted = Literal["orders", "visits", "responses", "letters"]
Facet = Literal["survey", "unit", "earned_by", "month", "mode", "state", "channel", "sample"]
FACETS: dict[Counted, tuple[Facet, ...]] = {
    "orders": ("unit", "earned_by", "month", "sample"),
    "visits": ("survey", "unit", "month", "sample"),
    "responses": ("survey", "unit", "month", "mode", "sample"),
    "letters": ("state", "channel", "sample"),
}


class StoreError(RevisitError):
    """The store could not do what was asked; nothing was acknowledged."""

    status: ClassVar[int] = 503


class StoreBusy(StoreError):
    """Too many writers wait, or the wait was too long. Trying again is safe."""


class StoreFull(StoreError):
    """No space is left where records are kept."""

    status: ClassVar[int] = 507


class StoreDamaged(StoreError):
    """A data file cannot be read; it is named, never read as empty and never overwritten."""


class AlreadyAnswered(StoreError):
    """The link has an answer with another content; ``stored`` is that answer."""

    status: ClassVar[int] = 409

    def __init__(self, stored: Response) -> None:
        """Keep the answer that counts."""
        self.stored = stored
        super().__init__("This link has been answered already.")


class LinkClosed(StoreError):
    """The invitation was voided."""

    status: ClassVar[int] = 410


class NotFound(StoreError):
    """There is no such record."""

    status: ClassVar[int] = 404


class Conflict(StoreError):
    """The record is not in the state that the change needs."""

    status: ClassVar[int] = 409


TAG_SECRET = 32  # bytes


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """What comes into the store for one repair order. The ids of order and visit begin with the same month."""

    order: RepairOrder
    contact: Contact
    visit: Visit


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the tree and which local days (both included) are meant; None is no bound."""

    unit: str = ""
    first: date | None = None
    last: date | None = None

    def holds(self, unit: str, day: date) -> bool:
        """Say whether a unit path and a day lie inside."""
        inside = not self.unit or unit == self.unit or unit.startswith(self.unit + "/")
        return inside and (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


EVERYTHING = Scope()


class Store(Protocol):
    """Where records are kept. Every method that changes something returns after the change is on disk (or committed).

    Reads may run beside writes and see whole commits only. All methods may raise StoreDamaged; the changing ones also
    StoreBusy and StoreFull.
    """

    def close(self) -> None:
        """Finish what is queued and let go of threads and files."""

    # -- repair orders, visits, contacts ------------------------------------------------------------------------------

    def add_orders(self, batch: Batch, entries: Sequence[OrderEntry], progress: Callable[[int], None] = ...) -> int:
        """File a batch of new orders with visit and contact; gives how many went in.

        An order whose (unit, number) is known is left as it is, so repeating an import changes nothing. What a crash
        cuts off is finished at the next start.
        """

    def undo_batch(self, batch_id: str, at: datetime) -> tuple[int, int]:
        """Take a batch back; gives (removed, kept).

        Orders whose visit was answered are kept, the links of the others are gone. Of a responses batch every response
        goes, and with it what the import settled or tried (signed ``import:<batch id>``). NotFound; Conflict when it
        was undone already.
        """

    def add_batch(self, batch: Batch) -> None:
        """Note a batch whose rows went in by other calls (dispositions of visits); one with the same id is replaced."""

    def batches(self) -> list[Batch]:
        """Give all batches, the last filed first: clocks may be wrong, or stand."""

    def orders(self, scope: Scope = EVERYTHING) -> Iterator[RepairOrder]:
        """Give orders by unit and day of closing, in order of day, unit and number."""

    def order(self, order_id: str) -> RepairOrder:
        """Give one order. NotFound."""

    def orders_of(self, visit_ids: Iterable[str]) -> dict[str, RepairOrder]:
        """Give the orders of those visits that exist among the ids, by the visit's id."""

    def visits(self, scope: Scope = EVERYTHING) -> Iterator[Visit]:
        """Give visits by unit and day, in order of day and id."""

    def visit(self, visit_id: str) -> Visit:
        """Give one visit. NotFound."""

    def change_visit(self, visit_id: str, change: Callable[[Visit], Visit]) -> Visit:
        """Replace a visit by what ``change`` makes of its newest state, as one step; gives the new one. NotFound."""

    def change_visits(
        self, changes: Mapping[str, Callable[[Visit], Visit]], progress: Callable[[int], None] = ...
    ) -> int:
        """Do ``change_visit`` for many, in slices; gives how many there were. A visit that is gone is passed over."""

    def contacts(self, contact_ids: Iterable[str]) -> dict[str, Contact]:
        """Give the contacts that exist among the ids, by id."""

    # -- invitations, posters, responses ------------------------------------------------------------------------------

    def partition(self, survey: str, issued: date) -> str:
        """Give the three characters of the partition in which links of this survey, issued on this day, belong now."""

    def issue(self, invitations: Sequence[Invitation]) -> None:
        """File invitations in their partitions. One whose id exists is left as it is."""

    def invitation(self, partition: str, invitation_id: str) -> Invitation | None:
        """Find an invitation in its partition."""

    def invitations(self, visit_ids: Iterable[str] | None = None) -> Iterator[Invitation]:
        """Give the invitations of these visits (of all), each visit's in order of issue."""

    def void(self, invitation: Invitation, at: datetime) -> Invitation:
        """Close a link for good; twice changes nothing. NotFound; AlreadyAnswered when its answer came first."""

    def add_poster(self, poster: Poster) -> None:
        """File a poster; one with the same id is replaced."""

    def posters(self) -> list[Poster]:
        """Give all posters."""

    def record(self, response: Response) -> Literal["stored", "repeat"]:
        """Keep a response and thereby spend its link, in one commit.

        The same id with the same ``body_hash`` is a repeat and changes nothing; with another one AlreadyAnswered.
        A response with a visit needs its invitation: NotFound without it, LinkClosed when it was voided.
        """

    def response(self, partition: str, response_id: str) -> Response | None:
        """Find the response stored under an invitation's id or a nonce."""

    def responses(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Response]:
        """Give the responses of a survey by unit and the day they count in, in order of day and id."""

    def response_rows(self, survey: str, scope: Scope = EVERYTHING) -> Iterator[Row]:
        """Give the same as plain rows (see revisit.store.codec), for whoever counts many and needs no records.

        Fields that hold their default are left out. The rows are shared and must not be changed.
        """

    def count(self, kind: Counted, by: Sequence[Facet] = ..., scope: Scope = ...) -> dict[tuple[str, ...], int]:
        """Count records where they are kept, in groups by some of their FACETS; a group without any is not given.

        The scope asks for who earned them and for the day that they count in; of letters it asks nothing. Whether a
        record is sample data is told as "true" or "false".
        """

    def answered_visits(self) -> set[str]:
        """Give the ids of all visits that have a response."""

    def add_responses(self, batch: Batch, responses: Sequence[Response], progress: Callable[[int], None] = ...) -> int:
        """File imported responses (no invitation needed); gives how many were new. None: no batch either."""

    def set_aside(self, response: Response) -> None:
        """Keep an answer whose data file is damaged, on disk and in order of arrival, until ``file_set_aside``."""

    def file_set_aside(self) -> int:
        """File what was set aside and can be filed now; gives how many.

        Of two for one link the first counts, the second is kept apart with the flag ``second``.
        """

    def alone(self, turn: Turn, patience: float) -> AbstractContextManager[None]:
        """Keep everybody else who works on this store from a kind of work while the block runs.

        StoreBusy when another holds it for longer than ``patience`` seconds. Whoever ends or is cut off holds nothing.
        """

    # -- letters ------------------------------------------------------------------------------------------------------

    def add_letters(self, letters: Sequence[Letter]) -> None:
        """Queue letters."""

    def letters(self, states: Iterable[LetterState] = ...) -> Iterator[Letter]:
        """Give letters in these states (all), oldest first."""

    def claim_letter(self, letter_id: str, at: datetime) -> Letter | None:
        """Turn a queued letter into one that is being sent; None when another sender was first."""

    def settle_letter(self, letter: Letter) -> None:
        """Replace a letter by its newer state."""

    # -- people -------------------------------------------------------------------------------------------------------

    def users(self) -> list[User]:
        """Give all users by name."""

    def user(self, name: str) -> User | None:
        """Find a user by name."""

    def add_user(self, user: User) -> None:
        """File a new user. Conflict when the name is taken."""

    def change_user(self, name: str, change: Callable[[User], User]) -> User:
        """Replace a user by what ``change`` makes of the newest state. NotFound."""

    def add_session(self, session: Session) -> None:
        """Keep a session."""

    def session(self, session_id: str) -> Session | None:
        """Find a session."""

    def touch_session(self, session_id: str, at: datetime) -> None:
        """Note when a session was last used; an unknown one is passed over."""

    def end_sessions(self, *, session_id: str = "", user: str = "", before: datetime | None = None) -> int:
        """End one session, all of a user, or all last used before a moment; gives how many."""

    def audit(self, line: AuditLine) -> None:
        """Append a line to the audit trail."""

    def audit_lines(self) -> Iterator[AuditLine]:
        """Give the audit trail, oldest first."""

    # -- tags of answers ----------------------------------------------------------------------------------------------

    def tag_secret(self, month: str) -> bytes:
        """Give the secret of a month (yymm), which is made when it is first asked for and ends with the tags."""

    def tag(self, tag: Tag) -> None:
        """Keep the tags of an answer apart from it. A crash may lose them; copies and ``copy_out`` never hold them."""

    def tags(self, month: str) -> list[Tag]:
        """Give the tags of a month, in order of time and id."""

    def tag_months(self) -> list[str]:
        """Give the months whose secret is kept, oldest first."""

    def take_tags(self, month: str, secret: bytes, tags: Sequence[Tag]) -> None:
        """Take over the tags of a month, with the secret that made them, from a store that this one replaces."""

    def settle_tags(self, verdicts: Verdicts) -> None:
        """Keep what the tags of a month led to, then destroy them and their secret."""

    def verdicts(self) -> list[Verdicts]:
        """Give what the tags of the settled months led to, oldest first."""

    # -- reports ------------------------------------------------------------------------------------------------------

    def keep_report(self, report: IssuedReport, content: bytes) -> None:
        """Keep an issued report with its PDF."""

    def reports(self, unit: str = "") -> list[IssuedReport]:
        """Give the issued reports of a unit's part of the tree, newest first."""

    def report(self, report_id: str) -> tuple[IssuedReport, bytes]:
        """Give an issued report and its PDF. NotFound."""

    # -- everything at once -------------------------------------------------------------------------------------------

    def copy_out(self) -> Generator[tuple[str, Row], None, None]:
        """Give every row with its table's name, as of one moment, in an order in which ``copy_in`` takes them.

        Close it where it is not read to its end.
        """

    def copy_in(self, table: str, rows: Sequence[Row]) -> None:
        """File rows that ``copy_out`` gave, in a store that was empty. One that is there already is left as it is."""

    # -- sample data and health ---------------------------------------------------------------------------------------

    def clear_sample(self) -> dict[str, int]:
        """Remove everything marked as sample data; gives how many of each kind."""

    def upkeep(self, at: datetime) -> None:
        """Do what the store needs now and then: copies of changed files, the coming month's table."""

    def clock(self) -> datetime:
        """Give the time where records are kept: the database's own, or the file system's."""

    def healthy(self) -> list[str]:
        """Give what is wrong with the store in plain sentences; empty when it can take answers."""
