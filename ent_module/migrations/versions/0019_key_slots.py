"""Keys of conversations stand in slots. Those of before are carried over by `ent-module upgrade`, which has the key."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_key_slots",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slots", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "id"],
            ["ent_conversation.establishment_id", "ent_conversation.id"],
            name=op.f("fk_ent_key_slots_establishment_id_id_ent_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_key_slots_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_key_slots")),
    )


def downgrade() -> None:
    """What stands in slots cannot be wrapped again without the key: a backup of before has the keys."""
    op.drop_table("ent_key_slots")
