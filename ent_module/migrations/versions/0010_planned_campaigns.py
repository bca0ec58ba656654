"""Campaigns are drafted and announced before they open; a school may have several of one questionnaire a year."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATES = ("open", "ended", "counted", "destroyed", "released")
_PLACES = ("shared", "home")
_TOLD = ("notice", "paper", "message", "meeting", "said")
_YEARLY = "uq_ent_campaign_establishment_id_questionnaire_school_year"
_NUMBERED = "uq_ent_campaign_number"


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_constraint(op.f(_YEARLY), type_="unique")
        campaign.drop_constraint(op.f("ck_ent_campaign_state"), type_="check")
        campaign.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        campaign.add_column(sa.Column("readers", sa.String(10), nullable=False, server_default="head"))
        campaign.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
        campaign.add_column(sa.Column("place", sa.String(6), nullable=False, server_default="shared"))
        campaign.add_column(sa.Column("announced_on", sa.Date(), nullable=True))
        campaign.add_column(sa.Column("announced_by", sa.Uuid(), nullable=True))
        campaign.add_column(sa.Column("told", sa.String(10), nullable=True))
        campaign.add_column(sa.Column("told_on", sa.Date(), nullable=True))
        campaign.add_column(sa.Column("proposal_id", sa.Uuid(), nullable=True))
    # Those that are there were opened straight away, after the teacher had said that families were told.
    op.execute("UPDATE ent_campaign SET announced_on = opened_on, told = 'said'")
    with op.batch_alter_table("ent_campaign") as campaign:
        for column, kind in (
            ("number", sa.Integer()),
            ("readers", sa.String(10)),
            ("listed", sa.Boolean()),
            ("place", sa.String(6)),
        ):
            campaign.alter_column(column, existing_type=kind, server_default=None, existing_nullable=False)
        campaign.create_unique_constraint(
            op.f(_NUMBERED), ["establishment_id", "questionnaire", "school_year", "number"]
        )
        for name, rule in (
            ("state", _one_of("state", ("draft", "announced", *_STATES))),
            ("readers", _one_of("readers", ("head", "adults"))),
            ("place", _one_of("place", ("class", *_PLACES))),
            ("told", _one_of("told", _TOLD)),
            ("announced", "(state = 'draft') = (announced_on IS NULL)"),
            ("keys", "state <> 'draft' OR keys_digest = ''"),
        ):
            campaign.create_check_constraint(op.f(f"ck_ent_campaign_{name}"), rule)
    _places(("class", *_PLACES), nullable=True)
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.add_column(sa.Column("level", sa.String(10), nullable=True))
        joined.add_column(sa.Column("enrolled", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_ent_campaign_proposal_id"), "ent_campaign", ["proposal_id"], unique=False)
    op.create_table(
        "ent_campaign_proposal",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.String(40), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_campaign_proposal")),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_campaign_proposal_establishment_id_ent_establishment"),
        ),
    )


def _places(words: tuple[str, ...], *, nullable: bool) -> None:
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.drop_constraint(op.f("ck_ent_campaign_class_place"), type_="check")
    op.execute("UPDATE ent_campaign_class SET place = 'shared' WHERE place = 'class'")
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.alter_column("place", existing_type=sa.String(6), nullable=nullable)
        joined.create_check_constraint(op.f("ck_ent_campaign_class_place"), _one_of("place", words))


def downgrade() -> None:
    """What is not open yet is forgotten; of several campaigns of one questionnaire and year, the first is kept."""
    op.drop_table("ent_campaign_proposal")
    op.drop_index(op.f("ix_ent_campaign_proposal_id"), table_name="ent_campaign")
    _forget("state IN ('draft', 'announced')")
    _forget("number > 1")
    op.execute("DELETE FROM ent_campaign_class WHERE place IS NULL")
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.drop_column("enrolled")
        joined.drop_column("level")
    _places(_PLACES, nullable=False)
    with op.batch_alter_table("ent_campaign") as campaign:
        for name in ("state", "readers", "place", "told", "announced", "keys"):
            campaign.drop_constraint(op.f(f"ck_ent_campaign_{name}"), type_="check")
        campaign.drop_constraint(op.f(_NUMBERED), type_="unique")
        for column in (
            "proposal_id",
            "told_on",
            "told",
            "announced_by",
            "announced_on",
            "place",
            "listed",
            "readers",
            "number",
        ):
            campaign.drop_column(column)
        campaign.create_unique_constraint(op.f(_YEARLY), ["establishment_id", "questionnaire", "school_year"])
        campaign.create_check_constraint(op.f("ck_ent_campaign_state"), _one_of("state", _STATES))


_OF_A_CAMPAIGN = (
    "ent_campaign_class",
    "ent_issuance",
    "ent_sealed_ballot",
    "ent_ballot_card",
    "ent_spent_token",
    "ent_result_cell",
    "ent_closing",
)


def _forget(which: str) -> None:
    for table in _OF_A_CAMPAIGN:
        op.execute(
            f"DELETE FROM {table} WHERE campaign_id IN (SELECT id FROM ent_campaign WHERE {which})"  # noqa: S608  # names written here
        )
    op.execute(f"DELETE FROM ent_campaign WHERE {which}")  # noqa: S608  # as above
