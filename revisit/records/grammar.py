"""The grammar of conditions: text to tree, with the column of everything that is wrong.

::

    either     = both { "or" both }
    both       = one { "and" one }
    one        = "not" one | "(" either ")" | "answered" "(" id ")" | operand test
    test       = relation value | "in" "(" value { "," value } ")"
    operand    = id | "order" "." fact | ( "any" | "all" | "mean" ) "(" id { "," id } ")"
    relation   = "=" | "!=" | "<" | "<=" | ">" | ">="
    value      = number | code
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from revisit.records.conditions import COMPARISONS, GROUPS, Tree
from revisit.records.survey import FACTS, NOT_APPLICABLE, Question

MOST_PARTS = 200
RESERVED: frozenset[str] = frozenset({"and", "or", "not", "in", "answered", "order", *GROUPS})

_UNCOMPARED = {"text": "answered in free words", "date": "a date", "ranking": "a ranking"}

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<word>[A-Za-z0-9_][A-Za-z0-9_-]*)|(?P<sign><=|>=|!=|==|=>|=<|<>|&&|\|\||=|<|>|\(|\)|,|\.)|(?P<other>\S))"
)

# What people write for a sign or a word of the grammar.
_MEANT = {
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "==": "=",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "&&": "and",
    "||": "or",
    "（": "(",
    "）": ")",
    "，": ",",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a condition: a code of the problem catalogue, where (an offset from 0), and its words."""

    code: str
    offset: int
    words: dict[str, str] = field(default_factory=dict)


class _BrokenError(Exception):
    """The text does not follow the grammar from here on."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.code)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    offset: int


def parse(
    source: str, questions: Mapping[str, Question], every_id: Sequence[str] = ()
) -> tuple[Tree | None, list[Flaw]]:
    """Read a condition that may name the questions given, which are those that stand above it.

    ``every_id`` are all ids of the survey: naming one of the others is a flaw of its own. Gives the tree, or None and
    every flaw that was found.
    """
    reader = _Reader(source, questions, every_id)
    try:
        tree = reader.whole()
    except _BrokenError as error:
        reader.flaws.append(error.flaw)
    return (None, reader.flaws) if reader.flaws else (tree, [])


def _tokens(source: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(source):
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind)))
    return [*found, _Token("end", "", len(source))]


class _Reader:
    """Reads one condition from left to right; the methods follow the rules of the grammar."""

    def __init__(self, source: str, questions: Mapping[str, Question], every_id: Sequence[str]) -> None:
        self.tokens = _tokens(source)
        self.place = 0
        self.questions = questions
        self.every_id = every_id
        self.flaws: list[Flaw] = []

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def accept(self, text: str) -> bool:
        if self.next.text != text:
            return False
        self.take()
        return True

    def stop(self, wanted: str) -> NoReturn:
        token = self.next
        found = f'"{token.text}"' if token.text else "the end"
        meant = _MEANT.get(token.text)
        wanted = f'"{meant}"' if meant else wanted
        raise _BrokenError(Flaw("C001", token.offset, {"found": found, "wanted": wanted}))

    def need(self, text: str) -> None:
        if not self.accept(text):
            self.stop(f'"{text}"')

    def whole(self) -> Tree:
        if len(self.tokens) > MOST_PARTS:
            raise _BrokenError(Flaw("C008", 0, {"most": str(MOST_PARTS)}))
        tree = self.either()
        if self.next.kind != "end":
            self.stop('"and", "or" or the end')
        return tree

    def either(self) -> Tree:
        parts = [self.both()]
        while self.accept("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else ["or", *parts]

    def both(self) -> Tree:
        parts = [self.one()]
        while self.accept("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else ["and", *parts]

    def one(self) -> Tree:
        if self.accept("not"):
            return ["not", self.one()]
        if self.accept("("):
            inner = self.either()
            self.need(")")
            return inner
        if self.accept("answered"):
            self.need("(")
            name = self.question_name()
            self.need(")")
            return ["answered", name]
        return self.comparison()

    def question_name(self) -> str:
        token = self.next
        if token.kind != "word" or token.text in RESERVED:
            self.stop("the id of a question")
        self.take()
        if token.text not in self.questions:
            code = "C003" if token.text in self.every_id else "C002"
            self.flaws.append(Flaw(code, token.offset, {"name": token.text}))
        elif self.questions[token.text].kind == "statement":
            self.flaws.append(
                Flaw("C007", token.offset, {"name": token.text, "why": "is a statement and has no answer"})
            )
        return token.text

    def comparison(self) -> Tree:
        start = self.next
        if start.kind == "word" and start.text == "order":
            operand = self.fact()
        elif start.kind == "word" and start.text in GROUPS:
            self.take()
            operand = [start.text, *self.names()]
        else:
            operand = ["item", self.question_name()]
        sign = self.take()
        if sign.text == "in":
            self.need("(")
            values = [self.value(operand, sign)]
            while self.accept(","):
                values.append(self.value(operand, sign))
            self.need(")")
            return ["in", operand, values]
        if sign.text not in COMPARISONS:
            self.place -= sign.kind != "end"
            self.stop("one of = != < <= > >= in")
        return [sign.text, operand, self.value(operand, sign)]

    def names(self) -> list[str]:
        self.need("(")
        found = [self.question_name()]
        while self.accept(","):
            found.append(self.question_name())
        self.need(")")
        return found

    def fact(self) -> Tree:
        self.take()
        self.need(".")
        token = self.next
        if token.kind != "word":
            self.stop("the name of an order fact")
        self.take()
        if token.text not in FACTS:
            self.flaws.append(Flaw("C004", token.offset, {"name": token.text}))
        return ["fact", token.text]

    def value(self, operand: Tree, sign: _Token) -> Any:
        token = self.next
        if token.kind not in ("number", "word") or (token.kind == "word" and token.text in RESERVED):
            self.stop("a number or a code")
        self.take()
        if operand[0] == "fact":
            return self.fact_value(operand[1], token, sign)
        values = [self.item_value(name, token, sign, operand[0]) for name in operand[1:]]
        return values[0]

    def fact_value(self, fact: str, token: _Token, sign: _Token) -> str:
        if fact in FACTS:
            if sign.text not in ("=", "!=", "in"):
                self.flaws.append(
                    Flaw("C007", sign.offset, {"name": f"order.{fact}", "why": f"has no order for {sign.text}"})
                )
            elif token.text not in FACTS[fact]:
                words = {"value": token.text, "name": f"order.{fact}", "allowed": ", ".join(FACTS[fact])}
                self.flaws.append(Flaw("C005", token.offset, words))
        return token.text

    def item_value(self, name: str, token: _Token, sign: _Token, group: str) -> float | str:
        question = self.questions.get(name)
        if question is None or question.kind == "statement":
            return token.text
        if question.kind in _UNCOMPARED:
            words = {"name": name, "why": f"is {_UNCOMPARED[question.kind]}: only answered(…) can be asked of it"}
            self.flaws.append(Flaw("C007", sign.offset, words))
            return token.text
        if question.has_numbers:
            return self.number(question, token, group)
        if sign.text not in ("=", "!=", "in") or group == "mean":
            why = "has no mean" if group == "mean" else f"has no order for {sign.text}"
            self.flaws.append(Flaw("C007", sign.offset, {"name": name, "why": why}))
        elif token.text not in {choice.code for choice in question.choices}:
            allowed = ", ".join(choice.code for choice in question.choices)
            self.flaws.append(Flaw("C005", token.offset, {"value": token.text, "name": name, "allowed": allowed}))
        return token.text

    def number(self, question: Question, token: _Token, group: str) -> float | str:
        words = {"value": token.text, "name": question.id}
        if token.text == NOT_APPLICABLE:
            self.flaws.append(Flaw("C006", token.offset, words))
            return token.text
        least, greatest = question.points
        number = float(token.text) if token.kind == "number" else None
        if number is None or not least <= number <= greatest or (group != "mean" and number != int(number)):
            self.flaws.append(Flaw("C005", token.offset, {**words, "allowed": f"{least} to {greatest}"}))
            return token.text
        return int(number) if number == int(number) else number
