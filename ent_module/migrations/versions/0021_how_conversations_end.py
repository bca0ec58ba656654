"""Conversations end with an outcome, have a lane, and know five more moves.

What was closed before keeps no outcome; whatever there is is the group's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

_BEFORE = (
    "'sent', 'written_again', 'read', 'take', 'answer', 'note', 'hand_over', 'urgent', 'not_urgent', 'step_aside', "
)
_AFTER = "'close', 'reopen', 'escalate', 'rescue'"
_NEW = "'concerned', 'transmitted', 'to_lane', 'shared', 'case', "
_OUTCOMES = "'acted', 'facts', 'transmitted', 'talked', 'elsewhere', 'no_contact', 'not_founded'"


def upgrade() -> None:
    # Not by making the table anew: SQLite writes nothing into a generated column (`rank`).
    _add("outcome VARCHAR(20)", f"outcome IN ({_OUTCOMES})")
    _add("lane VARCHAR(8) DEFAULT 'group' NOT NULL", "lane IN ('group', 'secrecy')")
    with op.batch_alter_table("ent_move") as move:
        move.drop_constraint(op.f("ck_ent_move_action"), type_="check")
        move.create_check_constraint(op.f("ck_ent_move_action"), f"action IN ({_BEFORE}{_NEW}{_AFTER})")


def downgrade() -> None:
    line = sa.table("ent_move", sa.column("action", sa.String))
    op.execute(line.delete().where(line.c.action.in_(_NEW.replace("'", "").rstrip(", ").split(", "))))
    with op.batch_alter_table("ent_move") as move:
        move.drop_constraint(op.f("ck_ent_move_action"), type_="check")
        move.create_check_constraint(op.f("ck_ent_move_action"), f"action IN ({_BEFORE}{_AFTER})")
    for column in ("lane", "outcome"):  # their checks go with them
        op.execute(f"ALTER TABLE ent_conversation DROP COLUMN {column}")


def _add(column: str, check: str) -> None:
    name = column.partition(" ")[0]
    op.execute(
        f"ALTER TABLE ent_conversation ADD COLUMN {column} CONSTRAINT ck_ent_conversation_{name} CHECK ({check})"
    )
