"""Texts that were written in a survey, as they may be read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_survey_text",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_survey_text_establishment_id_ent_establishment"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_survey_text_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_survey_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ent_survey_text_campaign_id"), "ent_survey_text", ["campaign_id"])


def downgrade() -> None:
    op.drop_table("ent_survey_text")
