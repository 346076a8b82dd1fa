"""``revisit demo``: the whole job once, again on another day, and away with it."""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from revisit.cli import demo as demo_module
from revisit.cli import main
from revisit.flows.keeping.workspace import Plan, make_workspace, station
from revisit.settings import load
from revisit.store import open_store

FIRST = "2026-11-02T09:00:00+00:00"
LATER = "2026-11-09T09:00:00+00:00"
STATIONS = ("a=Station A", "b=Station B", "c=Station C", "d=Station D")

Runner = Callable[..., Result]


def census(root: Path) -> dict[str, object]:
    """Give what the store holds, as figures."""
    with closing(open_store(load(root, {}).workspace)) as store:
        orders, responses = list(store.orders()), list(store.responses("repair"))
        return {
            "orders": len(orders),
            "stations": len({order.unit for order in orders}),
            "paid by customers": sum(order.facts.get("payer") == "customer" for order in orders),
            "days": (orders[0].closed_on, orders[-1].closed_on),
            "modes": Counter(response.mode for response in responses),
            "answered": sum(response.visit_id is not None for response in responses),
            "of the sample": all(
                [
                    *(order.sample for order in orders),
                    *(visit.sample for visit in store.visits()),
                    *(response.sample for response in responses),
                    *(poster.sample for poster in store.posters()),
                ]
            ),
            "reports": sorted((one.unit, one.language, one.sample) for one in store.reports()),
            "settled": Counter(visit.settled.what for visit in store.visits() if visit.settled),
            "tried": sum(bool(visit.attempts) and visit.settled is None for visit in store.visits()),
            "posters": len(store.posters()),
        }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo") / "shop"
    make_workspace(made, Plan("Example Motors", "Asia/Shanghai", tuple(map(station, STATIONS))))
    settings = made / "revisit.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('languages = ["en", "zh-Hans", "zh-Hant"]', 'languages = ["en"]'), "utf-8")
    return made


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr(demo_module, "BETWEEN", 0.0)
    monkeypatch.setattr(demo_module, "FILLING", (0.0, 0.0))

    def run_demo(*words: str, at: str) -> Result:
        monkeypatch.setenv("REVISIT_NOW", at)
        ran = CliRunner().invoke(main, ["-C", str(root), "demo", *words], catch_exceptions=False)
        assert ran.exit_code == 0, ran.output
        return ran

    return run_demo


def test_it_shows_the_whole_job_and_doubles_nothing_another_day(root: Path, run: Runner) -> None:
    said = run("--once", at=FIRST).output
    first = census(root)
    assert first["orders"] == 2400
    assert first["stations"] == 4
    assert isinstance(first["paid by customers"], int)
    assert first["paid by customers"] >= 0.6 * 2400
    assert isinstance(first["answered"], int)
    assert first["answered"] >= 0.45 * 2400
    assert isinstance(first["modes"], Counter)
    assert first["modes"]["qr"] == 10
    assert isinstance(first["settled"], Counter)
    assert set(first["settled"]) == {"declined", "unreachable", "excluded"}
    assert first["tried"]
    assert first["of the sample"]
    assert first["reports"] == [("all", "en", True), ("all/b", "en", True)]
    assert sorted(path.name for path in (root / "build" / "reports").glob("*.pdf")) == [
        "all-2026-Q3-en.pdf",
        "b-2026-Q3-en.pdf",
    ]
    for words in ("/v/", "/q/", "/desk/", "all-2026-Q3-en.pdf", "revisit serve prints the address"):
        assert words in said
    assert "/ticket/" not in said  # it would be void as soon as the server starts

    again = run("--once", at=LATER).output
    assert "its dates stay" in again
    assert census(root) == first

    assert "2,400 orders" in run("--clear", at=LATER).output
    with closing(open_store(load(root, {}).workspace)) as store:
        assert not list(store.orders())
        assert not list(store.responses("repair"))
        assert not store.reports()
        assert not store.posters()
    assert not list((root / "build" / "reports").glob("*.pdf"))
    assert "no sample data" in run("--clear", at=LATER).output


def test_it_refuses_to_mix_with_real_orders(tmp_path: Path) -> None:
    make_workspace(tmp_path / "real", Plan("Example Motors", "UTC"))
    runner = CliRunner()
    assert runner.invoke(main, ["-C", str(tmp_path / "real"), "build"]).exit_code == 0
    export = tmp_path / "orders.csv"
    export.write_text("order number,closed on,customer name\nR1,2026-10-02,Sample Customer\n", encoding="utf-8")
    assert runner.invoke(main, ["-C", str(tmp_path / "real"), "orders", "import", str(export)]).exit_code == 0
    refused = runner.invoke(main, ["-C", str(tmp_path / "real"), "demo", "--once"])
    assert refused.exit_code == 2
    assert "1 real orders" in refused.output
