"""What was erased, and what is held against erasing.

From this revision on a text opens only with the ek of its conversation, which a migration cannot make up for: what was
written under an earlier program, of which no version was ever released, opens no more. Its rows stay, the desk says
that they cannot be read, and lets them be erased.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _of_establishment() -> tuple[sa.Column[object], ...]:
    return (sa.Column("establishment_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def _its(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_establishment_id_ent_establishment"
    return sa.ForeignKeyConstraint(["establishment_id"], ["ent_establishment.id"], name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "ent_hold",
        *_of_establishment(),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("reason IN ('complaint', 'court', 'report', 'access')", name=op.f("ck_ent_hold_reason")),
        _its("ent_hold"),
        sa.ForeignKeyConstraint(
            ["establishment_id", "id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_hold_establishment_id_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_hold")),
    )
    op.create_table(
        "ent_erased",
        *_of_establishment(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.Column("slots", sa.LargeBinary(), nullable=False),
        _its("ent_erased"),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_erased")),
    )
    op.create_index(op.f("ix_ent_erased_day"), "ent_erased", ["day"])


def downgrade() -> None:
    op.drop_table("ent_erased")
    op.drop_table("ent_hold")
