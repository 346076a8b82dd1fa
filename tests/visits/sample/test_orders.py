"""The sample's orders: the same for the same day, plainly made up, and spread as the demo promises."""

from collections import Counter
from datetime import date

from revisit.records.organisation import Unit
from revisit.visits.sample.history import past
from revisit.visits.sample.orders import export, sample_orders

TODAY = date(2026, 11, 2)
STATIONS = [Unit(name, f"all/{name}", "station", name.title()) for name in "abcd"]


def test_it_makes_the_same_orders_for_the_same_day() -> None:
    assert export(sample_orders(TODAY, STATIONS)) == export(sample_orders(TODAY, STATIONS))


def test_it_spreads_over_fourteen_months_and_four_stations() -> None:
    orders = sample_orders(TODAY, STATIONS)
    assert len(orders) == 2400
    assert orders[0].closed_on >= date(2025, 9, 2)
    assert orders[-1].closed_on <= TODAY
    assert len({(order.closed_on.year, order.closed_on.month) for order in orders}) == 15
    assert min(Counter(order.station.id for order in orders).values()) > 300


def test_it_lets_most_customers_pay_themselves() -> None:
    orders = sample_orders(TODAY, STATIONS)
    assert sum(order.payer == "customer" for order in orders) >= 0.6 * len(orders)


def test_it_works_for_one_shop() -> None:
    assert {order.station.id for order in sample_orders(TODAY, STATIONS[:1], 20)} == {"a"}


def test_it_numbers_each_order_once_and_names_nobody_real() -> None:
    orders = sample_orders(TODAY, STATIONS)
    assert len({order.number for order in orders}) == len(orders)
    assert all(order.customer.phone.startswith("130 0000 ") for order in orders)
    assert {order.customer.email.partition("@")[2] for order in orders} == {"", "example.com"}


def test_it_remembers_every_kind_of_past() -> None:
    outcomes = Counter(past(order).what for order in sample_orders(TODAY, STATIONS))
    assert set(outcomes) == {"answered", "tried", "declined", "unreachable", "excluded", ""}
    assert outcomes["answered"] >= 0.48 * 2400


def test_it_leaves_internal_orders_out() -> None:
    internal = [order for order in sample_orders(TODAY, STATIONS) if order.payer == "internal"]
    assert {past(order).reason for order in internal} == {"internal_order"}
