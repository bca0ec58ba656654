"""Conversations and their keys."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_code_attempt",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_code_attempt_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_code_attempt")),
        sa.UniqueConstraint("establishment_id", "who", name=op.f("uq_ent_code_attempt_establishment_id_who")),
    )
    op.create_table(
        "ent_conversation",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("received_slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_by_establishment", sa.Uuid(), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column(
            "rank",
            sa.SmallInteger(),
            sa.Computed(
                "CASE WHEN state = 'closed' THEN 9 ELSE CASE WHEN urgent THEN 0 ELSE 2 END"
                " + CASE WHEN state IN ('handed_over', 'new') OR handled_by IS NULL THEN 0 ELSE 1 END END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'read', 'in_progress', 'handed_over', 'closed')", name=op.f("ck_ent_conversation_state")
        ),
        sa.CheckConstraint(
            "(handled_by IS NULL) = (handled_by_establishment IS NULL)", name=op.f("ck_ent_conversation_handler")
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_conversation_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_conversation")),
    )
    with op.batch_alter_table("ent_conversation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ent_conversation_establishment_id_state_due_on"),
            ["establishment_id", "state", "due_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_ent_conversation_establishment_id_rank_due_on_received_slot_id"),
            ["establishment_id", "rank", "due_on", "received_slot", "id"],
            unique=False,
        )

    op.create_table(
        "ent_conversation_key",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("reader_establishment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_conversation_key_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_conversation_key_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_conversation_key")),
        sa.UniqueConstraint(
            "establishment_id",
            "conversation_id",
            "reader_establishment_id",
            "account_id",
            name=op.f("uq_ent_conversation_key_establishment_id_conversation_id_reader_establishment_id_account_id"),
        ),
    )
    with op.batch_alter_table("ent_conversation_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ent_conversation_key_reader_establishment_id_account_id"),
            ["reader_establishment_id", "account_id"],
            unique=False,
        )

    op.create_table(
        "ent_message",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "direction = 'out' OR author_id IS NULL", name=op.f("ck_ent_message_writers_have_no_account")
        ),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_ent_message_direction")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_message_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_message_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_message")),
        sa.UniqueConstraint(
            "establishment_id",
            "conversation_id",
            "number",
            name=op.f("uq_ent_message_establishment_id_conversation_id_number"),
        ),
        sa.UniqueConstraint(
            "establishment_id", "request_digest", name=op.f("uq_ent_message_establishment_id_request_digest")
        ),
    )
    op.create_table(
        "ent_move",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=True),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("account_establishment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "action IN ('sent', 'written_again', 'read', 'take', 'answer', 'note', 'hand_over', 'urgent', 'not_urgent', 'step_aside', 'close', 'reopen', 'escalate', 'rescue')",
            name=op.f("ck_ent_move_action"),
        ),
        sa.CheckConstraint(
            "action NOT IN ('sent', 'written_again') OR account_id IS NULL",
            name=op.f("ck_ent_move_writers_have_no_account"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_move_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["ent_establishment.id"], name=op.f("fk_ent_move_establishment_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_move")),
        sa.UniqueConstraint(
            "establishment_id",
            "conversation_id",
            "number",
            name=op.f("uq_ent_move_establishment_id_conversation_id_number"),
        ),
    )
    op.create_table(
        "ent_note",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("request_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_note_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["ent_establishment.id"], name=op.f("fk_ent_note_establishment_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_note")),
        sa.UniqueConstraint(
            "establishment_id",
            "conversation_id",
            "number",
            name=op.f("uq_ent_note_establishment_id_conversation_id_number"),
        ),
        sa.UniqueConstraint(
            "establishment_id", "request_digest", name=op.f("uq_ent_note_establishment_id_request_digest")
        ),
    )
    op.create_table(
        "ent_return_code",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=16), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_return_code_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_return_code_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_return_code")),
        sa.UniqueConstraint(
            "establishment_id", "conversation_id", name=op.f("uq_ent_return_code_establishment_id_conversation_id")
        ),
        sa.UniqueConstraint("establishment_id", "lookup", name=op.f("uq_ent_return_code_establishment_id_lookup")),
    )
    op.create_table(
        "ent_told",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("marker", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "conversation_id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_told_establishment_id_conversation_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["ent_establishment.id"], name=op.f("fk_ent_told_establishment_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_told")),
    )
    with op.batch_alter_table("ent_told", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ent_told_establishment_id_conversation_id"),
            ["establishment_id", "conversation_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("ent_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_told_establishment_id_conversation_id"))

    op.drop_table("ent_told")
    op.drop_table("ent_return_code")
    op.drop_table("ent_note")
    op.drop_table("ent_move")
    op.drop_table("ent_message")
    with op.batch_alter_table("ent_conversation_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_conversation_key_reader_establishment_id_account_id"))

    op.drop_table("ent_conversation_key")
    with op.batch_alter_table("ent_conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_conversation_establishment_id_state_due_on"))

    op.drop_table("ent_conversation")
    op.drop_table("ent_code_attempt")
