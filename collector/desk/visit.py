"""One visit: its facts, its link, and what staff do with it. Every step is a POST of its own and says what it did."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from collector import access
from collector.desk.words import gettext as _
from collector.house import house
from revisit.flows.visiting import handling, send, visits
from revisit.flows.visiting.worklist import Task
from revisit.people import rights
from revisit.people.audit import Event, line
from revisit.records.orders import Contact, RepairOrder
from revisit.records.problems import CallError
from revisit.records.visits import Attempt, Invitation, Settlement, Visit
from revisit.store.protocol import AlreadyAnswered, Conflict
from revisit.visits.letters import Unwritable

QR_BORDER = 4  # modules: what readers want to see around a code


def find(visit_id: str, *, to_handle: bool = False) -> tuple[Visit, RepairOrder]:
    """Give a visit of the user's part of the tree with its order: 404 beyond it, 403 to handle one's own work."""
    user = access.current_user()
    visit = house().store.visit(visit_id)
    if not rights.sees(user, visit.unit):
        access.refuse(404, visit_id)
    order = house().store.order(visit.order_id)
    if to_handle and rights.worked_on(user, order):
        access.refuse(403, visit_id)
    return visit, order


def links_of(visit: Visit) -> tuple[list[Invitation], str]:
    """Give the visit's links and the newest one's address, which is empty when it is withdrawn or cannot be shown."""
    held = list(house().store.invitations([visit.id]))
    return held, visits.link_of(house().settings, house().keys, held[-1] if held else None)


def qr(address: str) -> str:
    """Give a QR code of an address as an image that stands in the page itself."""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=QR_BORDER, light="#fff"))


def show(visit_id: str) -> Response:
    """Show one visit."""
    return make_response(_draw(visit_id, phone_shown=False))


def _draw(visit_id: str, *, phone_shown: bool) -> str:
    visit, order = find(visit_id)
    now = house().clock()
    contact = house().store.contacts([order.contact_id]).get(order.contact_id) or Contact(order.contact_id)
    answered = handling.is_answered(house().store, visit)
    task = Task(visit, visit.state(now, answered=answered), now)
    held, address = links_of(visit)
    own_work = rights.worked_on(access.current_user(), order)
    return render_template(
        "desk/visit.html",
        task=task,
        visit=visit,
        order=order,
        contact=contact,
        phone_shown=phone_shown,
        own_work=own_work,
        can_act=task.state in ("open", "waiting") and not own_work,
        can_take_back=visit.settled is not None and visit.settled.what != "merged" and not answered and not own_work,
        links=held,
        address=address,
        qr=qr(address) if address and task.state in ("open", "waiting") else "",
        reasons=reason_names(),
        zone=ZoneInfo(house().settings.organisation.of_path(visit.unit).timezone),
        has_mail=bool(house().settings.mail.host),
    )


def reason_names() -> dict[str, str]:
    """Give the reasons for which a visit may be left out, in words."""
    return {
        "internal_order": _("Internal order, no customer"),
        "asset_sold": _("The vehicle or machine was sold"),
        "duplicate": _("Entered twice"),
        "opted_out": _("The customer does not want to be asked"),
        "frequency_cap": _("Asked already a short while ago"),
        "no_contact": _("No phone number or e-mail address"),
    }


def show_phone(visit_id: str) -> Response:
    """Show the full phone number, and note who looked."""
    find(visit_id)
    _note("phone-shown", visit_id)
    return make_response(_draw(visit_id, phone_shown=True))


def send_mail(visit_id: str) -> AnyResponse:
    """Send the link by e-mail, or put the e-mail into the outbox where no mail server is set up."""
    visit, _order = find(visit_id, to_handle=True)
    here, by = house(), access.current_user().name
    try:
        letter = send.send_one(here.store, here.settings, here.keys, visit, channel="email", by=by, at=here.clock())
    except send.WrittenLately:
        flash(_("Nothing was sent: this customer was written to less than an hour ago."), "warning")
        return _back(visit_id)
    except Conflict:
        flash(_("Nothing was sent: the visit is answered or closed."), "warning")
        return _back(visit_id)
    except (Unwritable, CallError) as error:
        flash(_("The e-mail could not be written: %(why)s") % {"why": error}, "danger")
        return _back(visit_id)
    if letter.state != "sent":
        flash(_("The e-mail was not sent: %(why)s") % {"why": letter.error}, "danger")
        return _back(visit_id)
    _note("letter-sent", visit_id)
    if here.settings.mail.host:
        flash(_("The e-mail with the link is on its way."), "success")
    else:
        flash(
            _(
                "The e-mail lies in the outbox (data/outbox) and has not been sent, because no mail server is set up. "
                "Whoever looks after this server sends it on."
            ),
            "success",
        )
    return _back(visit_id)


def note_sent(visit_id: str) -> AnyResponse:
    """Note that the link was handed over in another way: WeChat, SMS, on paper."""
    return _try(visit_id, "message", "sent", _("Noted: you sent the link yourself."))


def note_no_answer(visit_id: str) -> AnyResponse:
    """Note a call that nobody answered."""
    return _try(visit_id, "phone", "no_answer", _("Noted: nobody answered."))


def _try(visit_id: str, means: str, outcome: str, said: str) -> AnyResponse:
    def step(by: str) -> None:
        attempt = Attempt(house().clock(), means, outcome, by)  # type: ignore[arg-type]  # callers above use known words
        handling.note_attempt(house().store, visit_id, attempt)

    return _step(visit_id, step, said)


def decline(visit_id: str) -> AnyResponse:
    """Close a visit because the customer does not want to answer."""
    return _settle(visit_id, "declined", "", _("Closed: the customer declined."))


def give_up(visit_id: str) -> AnyResponse:
    """Close a visit because the customer cannot be reached."""
    return _settle(visit_id, "unreachable", "", _("Closed: the customer cannot be reached."))


def exclude(visit_id: str) -> AnyResponse:
    """Leave a visit out for a reason."""
    find(visit_id, to_handle=True)
    reason = request.form.get("reason", "")
    if reason not in handling.REASONS:
        flash(_("Choose a reason for leaving this visit out."), "danger")
        return _back(visit_id)
    return _settle(visit_id, "excluded", reason, _("Closed: the visit is left out."))


def _settle(visit_id: str, what: str, reason: str, said: str) -> AnyResponse:
    def step(by: str) -> None:
        settlement = Settlement(what, house().clock(), by, reason)  # type: ignore[arg-type]  # as above
        handling.settle(house().store, visit_id, settlement)

    return _step(visit_id, step, said)


def take_back(visit_id: str) -> AnyResponse:
    """Open a visit again that was closed by hand."""

    def step(by: str) -> None:
        handling.take_back(house().store, visit_id, by, house().clock())

    return _step(visit_id, step, _("Taken back: the visit is open again."))


def void_link(visit_id: str) -> AnyResponse:
    """Withdraw the link: whoever has it can no longer answer with it."""
    visit, _order = find(visit_id, to_handle=True)

    def step(_by: str) -> None:
        visits.void(house().store, visit, house().clock())
        _note("link-voided", visit_id)

    return _step(visit_id, step, _("The link is withdrawn. Whoever opens it now is told so."))


def new_link(visit_id: str) -> AnyResponse:
    """Withdraw the link where there is one and make a new one."""
    visit, _order = find(visit_id, to_handle=True)

    def step(_by: str) -> None:
        here = house()
        invitation = visits.reissue(here.store, here.keys, visit, here.clock())
        _note("link-issued", visit_id, str(invitation.issue))

    return _step(visit_id, step, _("Here is a new link. An older one no longer works."))


def _step(visit_id: str, step: Callable[[str], None], said: str) -> AnyResponse:
    """Do one thing with a visit and say so; where the visit changed meanwhile say that instead."""
    find(visit_id, to_handle=True)
    try:
        step(access.current_user().name)
    except (Conflict, AlreadyAnswered):
        flash(
            _("Nothing was changed: the visit is no longer what it was when you opened it. Look at its state."),
            "warning",
        )
    else:
        flash(said, "success")
    return _back(visit_id)


def _note(event: Event, about: str, note: str = "") -> None:
    house().store.audit(line(house().clock(), access.current_user().name, event, about, note))


def _back(visit_id: str) -> AnyResponse:
    return redirect(url_for("desk.show_visit", visit_id=visit_id), 303)


STEPS: dict[str, Callable[[str], AnyResponse]] = {
    "phone": show_phone,
    "mail": send_mail,
    "sent": note_sent,
    "no-answer": note_no_answer,
    "declined": decline,
    "unreachable": give_up,
    "excluded": exclude,
    "take-back": take_back,
    "void": void_link,
    "new-link": new_link,
}


def show_again(visit_id: str, step: str) -> AnyResponse:
    """Lead the address of a step, when it is opened instead of sent, to the visit; nothing is done."""
    if step not in STEPS:
        abort(404)
    return _back(visit_id)


def add_to(blueprint: Blueprint) -> None:
    """Add the page of a visit and its steps to the desk."""
    blueprint.add_url_rule("/visits/<visit_id>", "show_visit", show)
    for name, step in STEPS.items():
        blueprint.add_url_rule(f"/visits/<visit_id>/{name}", f"visit_{name.replace('-', '_')}", step, methods=["POST"])
    blueprint.add_url_rule("/visits/<visit_id>/<step>", "show_again", show_again)
