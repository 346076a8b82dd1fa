"""Posters: the public QR codes of the user's units, to look at and to print."""

from flask import Blueprint, Response, make_response, render_template

from collector import access
from collector.desk.visit import qr
from collector.house import house
from revisit.people import rights
from revisit.records.visits import Poster
from revisit.visits import links


def own_posters() -> list[Poster]:
    """Give the posters that hang in the user's part of the tree and are not closed."""
    user = access.current_user()
    return [one for one in house().store.posters() if one.closed_at is None and rights.sees(user, one.unit)]


def posters() -> Response:
    """List the posters."""
    held = [(poster, links.poster_link(house().settings, poster)) for poster in own_posters()]
    return make_response(
        render_template("desk/posters.html", posters=[(poster, address, qr(address)) for poster, address in held])
    )


def poster(poster_id: str) -> Response:
    """Show one poster as it is printed: the code, large, and one sentence in every language."""
    found = next((one for one in own_posters() if one.id == poster_id), None)
    if found is None:
        access.refuse(404, poster_id)
    address = links.poster_link(house().settings, found)
    return make_response(render_template("desk/poster.html", poster=found, address=address, qr=qr(address)))


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the desk."""
    blueprint.add_url_rule("/posters", view_func=posters)
    blueprint.add_url_rule("/posters/<poster_id>", view_func=poster)
