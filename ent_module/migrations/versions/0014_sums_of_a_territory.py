"""What the schools that followed a proposal told together."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.add_column(sa.Column("added_up", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.alter_column("added_up", existing_type=sa.Boolean(), server_default=None, existing_nullable=False)
    with op.batch_alter_table("ent_campaign_proposal") as proposal:
        proposal.add_column(sa.Column("added_up_on", sa.Date(), nullable=True))
    op.create_table(
        "ent_territory_sum",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("above", sa.Integer(), nullable=False),
        sa.CheckConstraint("above >= 0 AND above <= answered", name=op.f("ck_ent_territory_sum_above")),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_territory_sum_establishment_id_ent_establishment"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "proposal_id"],
            ["ent_campaign_proposal.establishment_id", "ent_campaign_proposal.id"],
            name=op.f("fk_ent_territory_sum_establishment_id_ent_campaign_proposal"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_territory_sum")),
        sa.UniqueConstraint(
            "establishment_id",
            "proposal_id",
            "level",
            "item",
            name="uq_ent_territory_sum",
        ),
    )
    op.create_index(op.f("ix_ent_territory_sum_proposal_id"), "ent_territory_sum", ["proposal_id"])


def downgrade() -> None:
    op.drop_table("ent_territory_sum")
    with op.batch_alter_table("ent_campaign_proposal") as proposal:
        proposal.drop_column("added_up_on")
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_column("added_up")
