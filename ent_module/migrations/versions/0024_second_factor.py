"""Devices of adults who read at the desk, and which of an account's keys open something."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ent_account") as accounts:
        accounts.add_column(sa.Column("key_version", sa.SmallInteger(), nullable=False, server_default="1"))
    op.create_table(
        "ent_second_factor",
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("serial", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("wrong", sa.SmallInteger(), nullable=False),
        sa.Column("wrong_in", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("allowed_by", sa.Uuid(), nullable=True),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(next_sealed IS NULL) = (asked_at IS NULL)", name=op.f("ck_ent_second_factor_asked")),
        sa.CheckConstraint("(allowed_by IS NULL) = (counts_from IS NULL)", name=op.f("ck_ent_second_factor_allowed")),
        sa.CheckConstraint(
            "counts_from IS NULL OR next_sealed IS NOT NULL", name=op.f("ck_ent_second_factor_allows_something")
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_ent_second_factor")),
    )


def downgrade() -> None:
    op.drop_table("ent_second_factor")
    with op.batch_alter_table("ent_account") as accounts:
        accounts.drop_column("key_version")
