"""Questionnaires that a school brought from elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    place = op.f("fk_ent_own_questionnaire_establishment_id_ent_establishment")
    op.create_table(
        "ent_own_questionnaire",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["establishment_id"], ["ent_establishment.id"], name=place),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_own_questionnaire")),
        sa.UniqueConstraint("establishment_id", "name", name=op.f("uq_ent_own_questionnaire_establishment_id_name")),
    )


def downgrade() -> None:
    op.drop_table("ent_own_questionnaire")
