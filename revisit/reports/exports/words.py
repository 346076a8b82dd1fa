"""The words of exports: what columns hold and codes mean, in the language that was asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from revisit.reports.exports.table import Column
from revisit.texts import translations


def N_(message: str) -> str:  # noqa: N802  gettext's own name for words that are translated elsewhere
    """Mark words that are translated where they are used."""
    return message


STATES: dict[str, str] = {
    "answered": N_("answered"),
    "na": N_("not applicable"),
    "blank": N_("left blank"),
    "not_asked": N_("not asked"),
    "invalid": N_("not valid"),
}
MODES: dict[str, str] = {
    "web": N_("by a link"),
    "qr": N_("from a poster"),
    "phone": N_("by phone"),
    "interview": N_("in an interview"),
    "paper": N_("on paper"),
    "kiosk": N_("on a screen at the counter"),
}
FACTS: dict[str, str] = {"payer": N_("Who pays for the order"), "kind": N_("The kind of order")}
VALUES: dict[str, str] = {
    "customer": N_("the customer"),
    "warranty": N_("warranty"),
    "insurance": N_("insurance"),
    "internal": N_("the house itself"),
    "repair": N_("repair"),
    "service": N_("service"),
    "bodywork": N_("bodywork"),
    "recall": N_("recall"),
    "installation": N_("installation"),
}
VISITS: dict[str, str] = {
    "waiting": N_("not due yet"),
    "open": N_("due"),
    "answered": N_("answered"),
    "declined": N_("the customer did not want to answer"),
    "unreachable": N_("the customer cannot be reached"),
    "excluded": N_("left out, for a reason"),
    "merged": N_("asked together with another visit"),
    "expired": N_("over without an answer"),
}
OUTCOMES: dict[str, str] = {
    "sent": N_("sent"),
    "no_answer": N_("nobody answered"),
    "bounced": N_("came back"),
    "call_back": N_("to be called again"),
    "declined": N_("did not want to answer"),
    "unreachable": N_("cannot be reached"),
}
HANDS: dict[str, str] = {
    "person": N_("somebody here"),
    "rule": N_("a rule, when the order came in"),
    "import": N_("another tool, by an import"),
}
EXCLUDED: dict[str, str] = {
    "internal_order": N_("an internal order"),
    "asset_sold": N_("the vehicle or machine was sold"),
    "duplicate": N_("a duplicate"),
    "opted_out": N_("the customer does not want to be asked"),
    "frequency_cap": N_("asked too often already"),
    "no_contact": N_("no way to reach the customer"),
}
COUNTED: dict[str, str] = {
    "eligible": N_("eligible: a visit without an answer counts as missed"),
    "not_eligible": N_("not eligible: it leaves the rates"),
}


class Words:
    """Says what a table says of itself, in one language."""

    def __init__(self, language: str) -> None:
        self.say: Callable[[str], str] = translations("export", language).gettext

    def columns(self, columns: Iterable[Column]) -> list[Column]:
        """Give columns whose words are the house's in the language; an author's words are never looked up."""
        return [replace(column, label=self.say(column.label), codes=self._codes(column.codes)) for column in columns]

    def state(self, label: str) -> str:
        """Give the label of the column that says what became of an answer."""
        return self.say(N_("%(question)s – what became of it")) % {"question": label}

    def states(self) -> tuple[tuple[str | int, str], ...]:
        """Give what the states of an answer mean."""
        return self._codes(STATES.items())

    def asked(self, label: str, what: str) -> str:
        """Give the label of what a question asks besides."""
        besides = {
            "other": N_("in their own words"),
            "phone": N_("phone"),
            "email": N_("e-mail address"),
            "text": N_("the words that were agreed to, as a fingerprint"),
        }
        return self.say(N_("%(question)s – %(what)s")) % {"question": label, "what": self.say(besides[what])}

    def title(self, kind: str, survey: str = "") -> str:
        """Give the title of a kind of export."""
        titles = {
            "responses": N_("Responses: %(survey)s"),
            "orders": N_("Repair orders"),
            "visits": N_("Visits: %(survey)s"),
            "findings": N_("Figures: %(survey)s"),
        }
        return self.say(titles[kind]) % {"survey": survey}

    def notes(self, facts: Mapping[str, str], *, names: bool) -> dict[str, str]:
        """Give what a codebook says of the whole: ``facts`` are title, unit, first, last, made and zone."""
        people = N_("as they are") if names else N_("covered")
        said = {
            N_("Export"): facts["title"],
            N_("Unit"): facts["unit"],
            N_("From"): facts["first"],
            N_("To"): facts["last"],
            N_("Made at"): facts["made"],
            N_("Times are local to"): facts["zone"],
            N_("Names of people"): self.say(people),
        }
        return {self.say(name): value for name, value in said.items()}

    def _codes(self, codes: Iterable[tuple[str | int, str]]) -> tuple[tuple[str | int, str], ...]:
        return tuple((code, self.say(label)) for code, label in codes)
