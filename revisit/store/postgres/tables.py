"""The tables: each keeps its records whole as JSON, and beside them the columns that questions are asked by."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from revisit.store import codec

metadata = MetaData()
# The order of bytes, which is also Python's: both stores give records in the same order, whatever the server's locale.
Words = Text(collation="C")


def _key(name: str = "id") -> Column[Any]:
    return Column(name, Words, primary_key=True)


def _words(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Words, nullable=null)


def _record() -> Column[Any]:
    return Column("record", JSONB, nullable=False)


def _sample() -> Column[Any]:
    return Column("sample", Boolean, nullable=False)


batches = Table(
    "batches",
    metadata,
    _key(),
    Column("number", BigInteger, Identity(always=True), nullable=False),  # in which order they were filed
    _sample(),
    _record(),
)

orders = Table(
    "orders",
    metadata,
    _key(),
    _words("unit"),
    _words("number"),
    _words("earned_by"),
    Column("closed_on", Date, nullable=False),
    _words("contact_id"),
    _words("batch_id"),
    _sample(),
    _record(),
    UniqueConstraint("unit", "number", name="orders_number"),
    Index("orders_by_day", "closed_on", "unit", "number"),
    Index("orders_by_batch", "batch_id"),
)

contacts = Table("contacts", metadata, _key(), _record())

visits = Table(
    "visits",
    metadata,
    _key(),
    _words("order_id"),
    _words("unit"),
    Column("day", Date, nullable=False),
    _sample(),
    _record(),
    Index("visits_by_day", "day", "id"),
    Index("visits_by_order", "order_id"),
)

partitions = Table(
    "partitions",
    metadata,
    _key("name"),
    _words("survey"),
    _words("month"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("survey", "month", "number", name="partitions_number"),
)

invitations = Table(
    "invitations",
    metadata,
    _key(),
    _words("partition"),
    _words("visit_id"),
    Column("issue", SmallInteger, nullable=False),
    Column("voided_at", DateTime(timezone=True)),
    _sample(),
    _record(),
    UniqueConstraint("visit_id", "issue", name="invitations_issue"),
    Index("invitations_by_partition", "partition"),
)

posters = Table("posters", metadata, _key(), _sample(), _record())

# A code names its partition and the partition its month, so one id meets itself in one month only: the primary key is
# what keeps a second answer out.
responses = Table(
    "responses",
    metadata,
    _key("month"),
    _key("id"),
    _words("partition"),
    _words("survey"),
    _words("unit"),
    Column("day", Date, nullable=False),
    _words("visit_id", null=True),
    _words("batch_id"),
    _words("body_hash"),
    _sample(),
    _record(),
    Index("responses_by_day", "survey", "day", "id"),
    Index("responses_by_visit", "visit_id"),
    Index("responses_by_partition", "partition"),
    Index("responses_by_batch", "batch_id"),
    postgresql_partition_by="LIST (month)",
)

letters = Table(
    "letters",
    metadata,
    _key(),
    _words("visit_id"),
    _words("state"),
    Column("made_at", DateTime(timezone=True), nullable=False),
    _sample(),
    _record(),
    Index("letters_by_time", "made_at", "id"),
    Index("letters_by_visit", "visit_id"),
)

users = Table("users", metadata, _key("name"), _record())

sessions = Table(
    "sessions",
    metadata,
    _key(),
    _words("user"),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    _record(),
)

audit = Table("audit", metadata, Column("number", BigInteger, Identity(always=True), primary_key=True), _record())

reports = Table(
    "reports",
    metadata,
    _key(),
    _words("unit"),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    _sample(),
    _record(),
    Column("content", LargeBinary),
)

# Answers that met a damaged page, in order of arrival; and those that came second for their link.
aside = Table("aside", metadata, Column("number", BigInteger, Identity(always=True), primary_key=True), _record())
seconds = Table("seconds", metadata, _key("id"), _key("body_hash"), _record())

# Marks of where answers came from, gone soon, with the secrets that made them; and what they led to, which stays.
tag_secrets = Table("tag_secrets", metadata, _key("month"), Column("secret", LargeBinary, nullable=False))
tags = Table("tags", metadata, _key(), _words("month"), _record(), Index("tags_by_month", "month"))
verdicts = Table("verdicts", metadata, _key(), _record())


def row_of(table: Table, record: object, **more: Any) -> dict[str, Any]:
    """Give the row of a record: every column is named for the attribute it repeats; ``more`` holds the others."""
    return {
        "record": codec.dump(record),
        **{
            column.name: getattr(record, column.name)
            for column in table.columns
            if column.name not in more and column.name != "record" and column.identity is None
        },
        **more,
    }


def rows_of(table: Table, records: Iterable[object]) -> list[dict[str, Any]]:
    """Give the rows of many records."""
    return [row_of(table, record) for record in records]
