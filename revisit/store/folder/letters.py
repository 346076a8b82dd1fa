"""Letters, by the month they were made in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from revisit.records.ids import month_of
from revisit.records.letters import LETTER_STATES, Letter, LetterState
from revisit.store import codec
from revisit.store.folder.base import Part
from revisit.store.folder.files import Book
from revisit.store.protocol import NotFound


class Letters(Part):
    """The part of the store that knows what was sent and what may have been."""

    def add_letters(self, letters: Sequence[Letter]) -> None:
        """See Store.add_letters."""
        months: dict[str, dict[str, Letter]] = defaultdict(dict)
        for letter in letters:
            months[month_of(letter.id)][letter.id] = letter
        for month, group in months.items():
            rows = {letter_id: codec.dump(letter) for letter_id, letter in group.items()}
            self.put_in_slices(self._letters_file(month), "letters", rows)

    def letters(self, states: Iterable[LetterState] = LETTER_STATES) -> Iterator[Letter]:
        """See Store.letters."""
        wanted = set(states)
        for path in self.files("letters"):
            held = (letter for letter in self.records(path, "letters", Letter) if letter.state in wanted)
            yield from sorted(held, key=lambda letter: (letter.made_at, letter.id))

    def claim_letter(self, letter_id: str, at: datetime) -> Letter | None:
        """See Store.claim_letter."""

        def apply(book: Book) -> Letter | None:
            row = book.get("letters", letter_id)
            if row is None or row["state"] != "queued":
                return None
            letter = codec.load(Letter, row)
            claimed = replace(letter, state="sending", changed_at=at, tries=letter.tries + 1)
            book.put("letters", letter_id, codec.dump(claimed))
            return claimed

        return self.shelf.commit(self._letters_file(month_of(letter_id)), apply)

    def settle_letter(self, letter: Letter) -> None:
        """See Store.settle_letter."""

        def apply(book: Book) -> None:
            if book.get("letters", letter.id) is None:
                raise NotFound("There is no such letter.")
            book.put("letters", letter.id, codec.dump(letter))

        self.shelf.commit(self._letters_file(month_of(letter.id)), apply)

    def remove_letters(self, visit_ids: set[str]) -> int:
        """Take the letters of visits out; gives how many."""

        def apply(book: Book) -> int:
            held = book.rows("letters").items()
            return book.drop("letters", [row_id for row_id, row in held if row["visit_id"] in visit_ids])

        return sum(self.shelf.commit(path, apply) for path in self.files("letters"))

    def _letters_file(self, month: str) -> Path:
        return self.folder / "letters" / f"{month}.json"
