"""Cards say what they are for, and a class may answer by cards alone where two adults want it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ent_ballot_card", table_kwargs={"sqlite_with_rowid": False}) as card:
        card.add_column(sa.Column("purpose", sa.String(6), nullable=False, server_default="some"))
    with op.batch_alter_table("ent_ballot_card", table_kwargs={"sqlite_with_rowid": False}) as card:
        card.alter_column("purpose", existing_type=sa.String(6), server_default=None, existing_nullable=False)
        card.create_check_constraint(
            op.f("ck_ent_ballot_card_purpose"), "purpose IN ('some', 'lost', 'first', 'second')"
        )
    op.create_table(
        "ent_card_class",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("class_code", sa.String(80), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("pupils BETWEEN 1 AND 36", name=op.f("ck_ent_card_class_pupils")),
        sa.CheckConstraint("asked_by <> confirmed_by", name=op.f("ck_ent_card_class_two")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_card_class_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_card_class_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_card_class")),
        sa.UniqueConstraint(
            "establishment_id",
            "campaign_id",
            "class_code",
            name=op.f("uq_ent_card_class_establishment_id_campaign_id_class_code"),
        ),
    )


def downgrade() -> None:
    op.drop_table("ent_card_class")
    with op.batch_alter_table("ent_ballot_card", table_kwargs={"sqlite_with_rowid": False}) as card:
        card.drop_constraint(op.f("ck_ent_ballot_card_purpose"), type_="check")
        card.drop_column("purpose")
