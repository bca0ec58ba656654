"""What listeners say of themselves, the notices they are owed, two more moves of the clock, and a day to think for who
joins a group.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_BEFORE = [
    *("sent", "written_again", "read", "take", "answer", "note", "hand_over", "urgent", "not_urgent", "step_aside"),
    *("concerned", "transmitted", "to_lane", "shared", "case", "close", "reopen", "escalate", "rescue"),
]
_AFTER = [*_BEFORE, "stand_in", "mailbox"]


def _action(names: list[str]) -> str:
    return f"action IN ({', '.join(repr(name) for name in names)})"


def _moves(names: list[str]) -> None:
    with op.batch_alter_table("ent_move") as moves:
        moves.drop_constraint(op.f("ck_ent_move_action"), type_="check")
        moves.create_check_constraint(op.f("ck_ent_move_action"), _action(names))


def _of_establishment() -> tuple[sa.Column[object], ...]:
    return (sa.Column("establishment_id", sa.Uuid(), nullable=False), sa.Column("id", sa.Uuid(), nullable=False))


def upgrade() -> None:
    _moves(_AFTER)
    with op.batch_alter_table("ent_grant") as grants:
        grants.add_column(sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "ent_listening",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("stands_in", sa.Boolean(), nullable=False),
        sa.Column("on_call", sa.Boolean(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        *_of_establishment(),
        sa.CheckConstraint("checked_on IS NULL OR address IS NOT NULL", name=op.f("ck_ent_listening_checked")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_ent_listening_weekdays")),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_listening_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_listening")),
        sa.UniqueConstraint(
            "establishment_id", "account_id", name=op.f("uq_ent_listening_establishment_id_account_id")
        ),
    )
    op.create_table(
        "ent_notice",
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.LargeBinary(16), nullable=False),
        *_of_establishment(),
        sa.CheckConstraint(
            "kind IN ('morning', 'evening', 'danger', 'news', 'mailbox', 'check')", name=op.f("ck_ent_notice_kind")
        ),
        sa.CheckConstraint("state IN ('owed', 'sent', 'nothing', 'refused')", name=op.f("ck_ent_notice_state")),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_notice_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_notice")),
        sa.UniqueConstraint("establishment_id", "mark", name=op.f("uq_ent_notice_establishment_id_mark")),
    )
    op.create_index(op.f("ix_ent_notice_state"), "ent_notice", ["state"])


def downgrade() -> None:
    op.drop_table("ent_notice")
    op.drop_table("ent_listening")
    op.execute("DELETE FROM ent_grant WHERE counts_from IS NOT NULL AND counts_from > CURRENT_TIMESTAMP")
    with op.batch_alter_table("ent_grant") as grants:
        grants.drop_column("counts_from")
    op.execute("DELETE FROM ent_move WHERE action IN ('stand_in', 'mailbox')")
    _moves(_BEFORE)
