"""Two more moves of a conversation: an appointment, and that it is called off."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BEFORE = [
    *("sent", "written_again", "read", "take", "answer", "note", "hand_over", "urgent", "not_urgent", "step_aside"),
    *("concerned", "transmitted", "to_lane", "shared", "case", "close", "reopen", "escalate", "rescue"),
    *("stand_in", "mailbox"),
]


def _moves(names: list[str]) -> None:
    listed = ", ".join(repr(name) for name in names)
    with op.batch_alter_table("ent_move") as moves:
        moves.drop_constraint(op.f("ck_ent_move_action"), type_="check")
        moves.create_check_constraint(op.f("ck_ent_move_action"), f"action IN ({listed})")


def upgrade() -> None:
    _moves([*_BEFORE, "meet", "meet_off"])


def downgrade() -> None:
    op.execute("DELETE FROM ent_move WHERE action IN ('meet', 'meet_off')")
    _moves(_BEFORE)
