"""A shop with a server, repair orders of yesterday and links for their customers, for a real browser to visit."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from collector.app import create_app
from revisit.cli.serve import serving
from revisit.flows.keeping.workspace import Plan, make_workspace, station
from revisit.flows.office import Office
from revisit.flows.people.users import first_ticket
from revisit.flows.publishing.publish import publish
from revisit.flows.visiting import intake
from revisit.flows.visiting.asking import asking
from revisit.flows.visiting.posters import add_poster
from revisit.flows.visiting.visits import DueVisit, due_visits
from revisit.forms.library import Library, read_library
from revisit.records.responses import Response
from revisit.settings import clock, defaults, load, load_keys
from revisit.store import open_store
from revisit.visits.links import poster_link
from tests.ports import free_port

ORDERS = 120
HEADER = "order number,closed on,customer name,mobile,language,model,plate,technician,payer\n"
PAYERS = ("customer", "warranty")
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
# Where surveys lie that ship: those of a new workspace, and the examples.
SHIPPED = tuple(folder for folder in (defaults() / "surveys", defaults() / "examples" / "surveys") if folder.is_dir())
SURVEYS = tuple(name for folder in SHIPPED for name in read_library(folder)[0].names)


@dataclass
class Shop:
    """The shop as a test needs it: its address, and a link for the next customer."""

    office: Office
    address: str
    due: list[DueVisit] = field(default_factory=list)

    def customer(self, language: str, payer: str = "customer") -> DueVisit:
        """Give the visit of somebody who was not asked yet."""
        for place, one in enumerate(self.due):
            if one.contact.language == language and one.order.facts["payer"] == payer:
                return self.due.pop(place)
        raise LookupError(f"no order is left for {language} and {payer}")

    def answer(self, visit: DueVisit) -> Response | None:
        """Give what is stored for a visit."""
        assert visit.invitation is not None
        return self.office.store.response(visit.invitation.partition, visit.invitation.id)

    def poster(self) -> str:
        """Give the address of a new poster."""
        office = self.office
        return poster_link(
            office.settings, add_poster(office.store, office.settings, "lakeside", "repair", office.clock())
        )

    def ticket(self) -> str:
        """Give the one-time address of the first administrator."""
        found = first_ticket(self.office.store, self.office.settings, self.office.clock)
        assert found is not None
        return found


def write_orders(path: Path, day: str) -> Path:
    """Write what the shop's system exports: every language and payer comes round again and again."""
    rows = [
        f"R{n:04d},{day},Sample Customer {n},+86 130 0000 {n:04d},{LANGUAGES[n % 3]},"
        f"Sample Car,沪A{n:05d},Engineer {n % 4},{PAYERS[n // 3 % 2]}\n"
        for n in range(1, ORDERS + 1)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def surveys_of(shop: Shop) -> Library:
    """Read the surveys of a shop."""
    settings = shop.office.settings
    return read_library(settings.workspace.surveys, settings.languages, settings.timezone)[0]


@contextmanager
def open_shop(root: Path) -> Iterator[Shop]:
    """Make the shop and serve it."""
    make_workspace(root, Plan("Example Motors", "UTC", (station("lakeside=Lakeside Station"),)))
    port = free_port()
    for source in (path for folder in SHIPPED for path in folder.glob("*.md")):
        if not (root / "surveys" / source.name).exists():
            shutil.copy(source, root / "surveys")
    settings = load(root, {"REVISIT_PUBLIC_URL": f"http://127.0.0.1:{port}"})
    keys, now = load_keys(root, {}), clock({})
    publish(settings)
    with closing(open_store(settings.workspace)) as store:
        office = Office(store, settings, keys, now)
        path = write_orders(root / "orders.csv", f"{now() - timedelta(days=3):%Y-%m-%d}")
        reading = intake.read(path, settings, now(), unit="lakeside")
        assert not reading.bad
        intake.import_orders(office, reading, intake.Source(path.name, asking(settings, "repair")))
        with serving(create_app(settings, keys, store, now), "127.0.0.1", port) as address:
            yield Shop(office, address, due_visits(store, settings, keys, now()))
