"""Records to plain JSON values and back: one converter for every record, so that no store spells a field's name."""

from datetime import timedelta
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

R = TypeVar("R")

# Defaults are left out: files stay short, and a field that a later version adds needs no migration.
_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(timedelta, lambda span: span.total_seconds())
_converter.register_structure_hook(timedelta, lambda seconds, _: timedelta(seconds=seconds))


def dump(record: object) -> dict[str, Any]:
    """Give a record as a dictionary of JSON values."""
    plain: dict[str, Any] = _converter.unstructure(record)
    return plain


def load(cls: type[R], plain: dict[str, Any]) -> R:
    """Make a record of what ``dump`` gave. Raises ``cattrs.BaseValidationError`` where it does not fit."""
    return _converter.structure(plain, cls)
