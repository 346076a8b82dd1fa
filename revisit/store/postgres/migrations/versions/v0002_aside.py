"""The tables of answers that met a damaged page, and of those that came second for their link."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the two tables."""
    number = sa.Column("number", sa.BigInteger(), sa.Identity(always=True), primary_key=True)
    op.create_table("aside", number, sa.Column("record", JSONB(), nullable=False))
    op.create_table(
        "seconds",
        sa.Column("id", sa.Text(collation="C"), primary_key=True),
        sa.Column("body_hash", sa.Text(collation="C"), primary_key=True),
        sa.Column("record", JSONB(), nullable=False),
    )


def downgrade() -> None:
    """Drop the two tables, unless an answer waits in one of them."""
    for name in ("aside", "seconds"):
        table = sa.table(name)
        if op.get_bind().scalar(sa.select(sa.func.count()).select_from(table)):
            raise RuntimeError(f'The table "{name}" holds answers. Keep this version.')
        op.drop_table(name)
