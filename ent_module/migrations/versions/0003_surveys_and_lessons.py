"""Surveys and lessons."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_questionnaire",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ent_questionnaire")),
    )
    op.create_table(
        "ent_campaign",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.CheckConstraint("level IN ('ecole', 'college', 'lycee')", name=op.f("ck_ent_campaign_level")),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_ent_campaign_state")),
        sa.ForeignKeyConstraint(
            ["digest"], ["ent_questionnaire.digest"], name=op.f("fk_ent_campaign_digest_ent_questionnaire")
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_campaign_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_campaign")),
        sa.UniqueConstraint(
            "establishment_id",
            "questionnaire",
            "school_year",
            name=op.f("uq_ent_campaign_establishment_id_questionnaire_school_year"),
        ),
    )
    op.create_table(
        "ent_ballot",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.CheckConstraint("level IN ('ecole', 'college', 'lycee')", name=op.f("ck_ent_ballot_level")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_ballot_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_ballot_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ent_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_ballot_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "ent_campaign_class",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("class_code", sa.String(length=80), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_campaign_class_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_campaign_class_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_campaign_class")),
        sa.UniqueConstraint(
            "establishment_id",
            "campaign_id",
            "class_code",
            name=op.f("uq_ent_campaign_class_establishment_id_campaign_id_class_code"),
        ),
    )
    op.create_table(
        "ent_closing",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("release", sa.String(length=10), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=True),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.CheckConstraint("release IN ('shown', 'few', 'one_class')", name=op.f("ck_ent_closing_release")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_closing_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_closing_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_closing")),
        sa.UniqueConstraint(
            "establishment_id", "campaign_id", name=op.f("uq_ent_closing_establishment_id_campaign_id")
        ),
    )
    op.create_table(
        "ent_lesson_session",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=80), nullable=False),
        sa.Column("class_name", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("parts", sa.String(length=2), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.CheckConstraint("parts IN ('1', '2', '12')", name=op.f("ck_ent_lesson_session_parts")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 180", name=op.f("ck_ent_lesson_session_minutes")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "account_id"],
            ["ent_account.establishment_id", "ent_account.id"],
            name=op.f("fk_ent_lesson_session_establishment_id_account_id_ent_account"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_lesson_session_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_lesson_session")),
        sa.UniqueConstraint(
            "establishment_id",
            "account_id",
            "day",
            "class_name",
            "lesson",
            "parts",
            name=op.f("uq_ent_lesson_session_establishment_id_account_id_day_class_name_lesson_parts"),
        ),
    )
    with op.batch_alter_table("ent_lesson_session", schema=None) as batch_op:
        batch_op.create_index("ix_ent_lesson_session_account", ["establishment_id", "account_id", "day"], unique=False)

    op.create_table(
        "ent_participation",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("class_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_participation_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_participation_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_participation")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ent_participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_participation_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "ent_result_cell",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_ent_result_cell_count")),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f("fk_ent_result_cell_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_result_cell_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_result_cell")),
        sa.UniqueConstraint(
            "establishment_id",
            "campaign_id",
            "item",
            "choice",
            name=op.f("uq_ent_result_cell_establishment_id_campaign_id_item_choice"),
        ),
    )


def downgrade() -> None:
    op.drop_table("ent_result_cell")
    with op.batch_alter_table("ent_participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_participation_campaign_id"))

    op.drop_table("ent_participation")
    with op.batch_alter_table("ent_lesson_session", schema=None) as batch_op:
        batch_op.drop_index("ix_ent_lesson_session_account")

    op.drop_table("ent_lesson_session")
    op.drop_table("ent_closing")
    op.drop_table("ent_campaign_class")
    with op.batch_alter_table("ent_ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_ballot_campaign_id"))

    op.drop_table("ent_ballot")
    op.drop_table("ent_campaign")
    op.drop_table("ent_questionnaire")
