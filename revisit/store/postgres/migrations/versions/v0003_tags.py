"""The tables of the tags of answers, of the secrets that made them, and of what they led to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the three tables."""
    words = sa.Text(collation="C")
    op.create_table(
        "tag_secrets",
        sa.Column("month", words, primary_key=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tags",
        sa.Column("id", words, primary_key=True),
        sa.Column("month", words, nullable=False),
        sa.Column("record", JSONB(), nullable=False),
    )
    op.create_index("tags_by_month", "tags", ["month"])
    op.create_table("verdicts", sa.Column("id", words, primary_key=True), sa.Column("record", JSONB(), nullable=False))


def downgrade() -> None:
    """Drop them: tags are short-lived anyway; what they led to is kept by staying at this version."""
    verdicts = sa.table("verdicts")
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(verdicts)):
        raise RuntimeError('The table "verdicts" holds what is known of older months. Keep this version.')
    for name in ("verdicts", "tags", "tag_secrets"):
        op.drop_table(name)
