"""Questionnaires that a school is composing."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    place = op.f("fk_ent_questionnaire_draft_establishment_id_ent_establishment")
    op.create_table(
        "ent_questionnaire_draft",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["establishment_id"], ["ent_establishment.id"], name=place),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_questionnaire_draft")),
        sa.UniqueConstraint("establishment_id", "name", name=op.f("uq_ent_questionnaire_draft_establishment_id_name")),
    )


def downgrade() -> None:
    op.drop_table("ent_questionnaire_draft")
