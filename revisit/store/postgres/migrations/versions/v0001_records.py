"""The tables of orders, visits, links, answers, letters, people and reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables in an empty database."""
    _orders()
    _links()
    _answers()
    _letters()
    _people()


def downgrade() -> None:
    """Drop every table with what it holds. The program never goes back this far; it is here to be complete."""
    names = ("reports", "audit", "sessions", "users", "letters", "responses", "posters", "invitations", "partitions",
             "visits", "contacts", "orders", "batches")  # fmt: skip
    for name in names:
        op.drop_table(name)


def _key(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), primary_key=True)


def _words(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C"), nullable=null)


def _sample() -> sa.Column[bool]:
    return sa.Column("sample", sa.Boolean(), nullable=False)


def _record() -> sa.Column[object]:
    return sa.Column("record", JSONB(), nullable=False)


def _number(*, key: bool) -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger(), sa.Identity(always=True), primary_key=key, nullable=False)


def _orders() -> None:
    op.create_table("batches", _key(), _number(key=False), _sample(), _record())
    op.create_table("contacts", _key(), _record())
    op.create_table(
        "orders",
        _key(),
        _words("unit"),
        _words("number"),
        _words("earned_by"),
        sa.Column("closed_on", sa.Date(), nullable=False),
        _words("contact_id"),
        _words("batch_id"),
        _sample(),
        _record(),
        sa.UniqueConstraint("unit", "number", name="orders_number"),
    )
    op.create_index("orders_by_day", "orders", ["closed_on", "unit", "number"])
    op.create_index("orders_by_batch", "orders", ["batch_id"])
    op.create_table(
        "visits",
        _key(),
        _words("order_id"),
        _words("unit"),
        sa.Column("day", sa.Date(), nullable=False),
        _sample(),
        _record(),
    )
    op.create_index("visits_by_day", "visits", ["day", "id"])
    op.create_index("visits_by_order", "visits", ["order_id"])


def _links() -> None:
    op.create_table(
        "partitions",
        _key("name"),
        _words("survey"),
        _words("month"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("survey", "month", "number", name="partitions_number"),
    )
    op.create_table(
        "invitations",
        _key(),
        _words("partition"),
        _words("visit_id"),
        sa.Column("issue", sa.SmallInteger(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True)),
        _sample(),
        _record(),
        sa.UniqueConstraint("visit_id", "issue", name="invitations_issue"),
    )
    op.create_index("invitations_by_partition", "invitations", ["partition"])
    op.create_table("posters", _key(), _sample(), _record())


def _answers() -> None:
    op.create_table(
        "responses",
        _key("month"),
        _key("id"),
        _words("partition"),
        _words("survey"),
        _words("unit"),
        sa.Column("day", sa.Date(), nullable=False),
        _words("visit_id", null=True),
        _words("batch_id"),
        _words("body_hash"),
        _sample(),
        _record(),
        postgresql_partition_by="LIST (month)",
    )
    op.create_index("responses_by_day", "responses", ["survey", "day", "id"])
    op.create_index("responses_by_visit", "responses", ["visit_id"])
    op.create_index("responses_by_partition", "responses", ["partition"])
    op.create_index("responses_by_batch", "responses", ["batch_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        _key(),
        _words("visit_id"),
        _words("state"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _sample(),
        _record(),
    )
    op.create_index("letters_by_time", "letters", ["made_at", "id"])
    op.create_index("letters_by_visit", "letters", ["visit_id"])


def _people() -> None:
    op.create_table("users", _key("name"), _record())
    op.create_table(
        "sessions", _key(), _words("user"), sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False), _record()
    )
    op.create_table("audit", _number(key=True), _record())
    op.create_table(
        "reports",
        _key(),
        _words("unit"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        _sample(),
        _record(),
        sa.Column("content", sa.LargeBinary()),
    )
