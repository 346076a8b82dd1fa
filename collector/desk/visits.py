"""The list of visits: what is due today, filtered in the address, and the search that leaves no trace in it."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from collector.access import current_user
from collector.desk.words import gettext as _
from collector.house import house
from revisit.flows.visiting import worklist
from revisit.people import rights
from revisit.records.organisation import Unit

PAGE = 50


def view_names() -> dict[str, str]:
    """Give the filters by name, in the order of their chips."""
    return {
        "due": _("Due now"),
        "soon": _("Expiring soon"),
        "untried": _("Not tried yet"),
        "waiting": _("Not due yet"),
        "settled": _("Closed by hand"),
        "ruled": _("Left out by rule"),
        "brought": _("Closed by an import"),
        "expired": _("Expired"),
        "answered": _("Answered"),
    }


def own_units() -> list[Unit]:
    """Give the units that the user may see, in the order of the settings."""
    user = current_user()
    return [unit for unit in house().settings.organisation.units if rights.sees(user, unit.path)]


def today() -> Response:
    """Show the visits of one filter and unit, a page at a time."""
    user = current_user()
    units = own_units()
    unit = next((unit for unit in units if unit.id == request.args.get("unit")), None)
    view = request.args.get("view", "due")
    view = view if view in worklist.VIEWS else "due"
    found = worklist.tasks(house().store, unit.path if unit else user.unit, house().clock())
    chosen = [task for task in found if worklist.VIEWS[view](task)]
    pages = max(1, -(-len(chosen) // PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return make_response(
        render_template(
            "desk/visits.html",
            rows=worklist.rows(house().store, chosen[(number - 1) * PAGE : number * PAGE]),
            counts=worklist.counts(found),
            views=view_names(),
            view=view,
            units=units,
            unit=unit,
            number=number,
            pages=pages,
            total=len(chosen),
        )
    )


def search() -> Response:
    """Show what fits a plate, a phone number or an order number. A POST, so that none of them lands in an address."""
    words = request.form.get("words", "").strip()[:64]
    rows = worklist.search(house().store, current_user(), words, house().clock())
    return make_response(render_template("desk/search.html", words=words, rows=rows, most=worklist.MOST_FOUND))


def search_again() -> AnyResponse:
    """Lead an address typed or reloaded without its words back to the list."""
    return redirect(url_for("desk.today"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the desk."""
    blueprint.add_url_rule("/", view_func=today)
    blueprint.add_url_rule("/search", view_func=search, methods=["POST"])
    blueprint.add_url_rule("/search", view_func=search_again)
