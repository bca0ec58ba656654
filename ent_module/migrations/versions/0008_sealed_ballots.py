"""Ballots are sealed and their tokens signed blindly.

What was open in the old form cannot be carried over, since nobody has a token in it: it begins anew. What was closed
keeps its numbers.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATES = "state IN ('open', 'ended', 'counted', 'destroyed', 'released')"
_RELEASES = "release IN ('shown', 'few', 'one_class', 'lost')"


def upgrade() -> None:
    _forget_what_is_open()
    op.drop_table("ent_ballot")
    op.drop_table("ent_participation")
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_constraint(op.f("ck_ent_campaign_state"), type_="check")
    op.execute("UPDATE ent_campaign SET state = 'closed'")
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.alter_column("state", existing_type=sa.String(6), type_=sa.String(10), existing_nullable=False)
        campaign.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        campaign.add_column(sa.Column("ended_by", sa.Uuid(), nullable=True))
        campaign.add_column(
            sa.Column("cohort_id", sa.Uuid(), nullable=False, server_default=sa.text("'" + "0" * 32 + "'"))
        )
        campaign.add_column(sa.Column("keys", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
        campaign.add_column(sa.Column("keys_digest", sa.String(64), nullable=False, server_default=""))
    op.execute("UPDATE ent_campaign SET state = 'released'")
    with op.batch_alter_table("ent_campaign") as campaign:
        for column, kind in (("cohort_id", sa.Uuid()), ("keys", sa.LargeBinary()), ("keys_digest", sa.String(64))):
            campaign.alter_column(column, existing_type=kind, server_default=None, existing_nullable=False)
        campaign.create_check_constraint(op.f("ck_ent_campaign_state"), _STATES)
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.add_column(sa.Column("place", sa.String(6), nullable=False, server_default="shared"))
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.alter_column("place", existing_type=sa.String(6), server_default=None, existing_nullable=False)
        joined.create_check_constraint(op.f("ck_ent_campaign_class_place"), "place IN ('shared', 'home')")
    with op.batch_alter_table("ent_closing") as closing:
        closing.drop_constraint(op.f("ck_ent_closing_release"), type_="check")
        closing.add_column(sa.Column("record", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
        closing.add_column(
            sa.Column("record_signature", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
        )
    with op.batch_alter_table("ent_closing") as closing:
        for column in ("record", "record_signature"):
            closing.alter_column(column, existing_type=sa.LargeBinary(), server_default=None, existing_nullable=False)
        closing.create_check_constraint(op.f("ck_ent_closing_release"), _RELEASES)
    _make_tables()


def _forget_what_is_open() -> None:
    old = "SELECT id FROM ent_campaign WHERE state = 'open'"
    for table in ("ent_ballot", "ent_participation", "ent_campaign_class"):
        op.execute(f"DELETE FROM {table} WHERE campaign_id IN ({old})")  # noqa: S608  # names written here
    op.execute("DELETE FROM ent_campaign WHERE state = 'open'")


def _make_tables() -> None:
    op.create_table(
        "ent_issuance",
        *_of_campaign("ent_issuance"),
        sa.Column("class_code", sa.String(80), nullable=False),
        sa.Column("blinded", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ent_ballot_card",
        *_of_campaign("ent_ballot_card"),
        sa.Column("class_code", sa.String(80), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ent_sealed_ballot",
        *_unbound("ent_sealed_ballot"),
        sa.Column("card", sa.Boolean(), nullable=False),
        sa.Column("prepared", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ent_spent_token",
        *_unbound("ent_spent_token"),
        sa.Column("prepared", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    for table in ("ent_issuance", "ent_ballot_card", "ent_sealed_ballot", "ent_spent_token"):
        op.create_index(op.f(f"ix_{table}_campaign_id"), table, ["campaign_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for column in ("prepared", "signature", "sealed"):  # random, and short enough to stay in the page
            op.execute(f"ALTER TABLE ent_sealed_ballot ALTER {column} SET STORAGE MAIN")


def _unbound(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f(f"pk_{table}")),
    )


def _of_campaign(table: str) -> tuple[Any, ...]:
    return (
        *_unbound(table),
        sa.ForeignKeyConstraint(
            ["establishment_id", "campaign_id"],
            ["ent_campaign.establishment_id", "ent_campaign.id"],
            name=op.f(f"fk_{table}_establishment_id_campaign_id_ent_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f(f"fk_{table}_establishment_id_ent_establishment"),
        ),
    )


def downgrade() -> None:
    for table in ("ent_spent_token", "ent_sealed_ballot", "ent_ballot_card", "ent_issuance"):
        op.drop_table(table)
    op.execute("DELETE FROM ent_closing WHERE release = 'lost'")
    with op.batch_alter_table("ent_closing") as closing:
        closing.drop_constraint(op.f("ck_ent_closing_release"), type_="check")
        closing.drop_column("record")
        closing.drop_column("record_signature")
        closing.create_check_constraint(op.f("ck_ent_closing_release"), "release IN ('shown', 'few', 'one_class')")
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.drop_constraint(op.f("ck_ent_campaign_class_place"), type_="check")
        joined.drop_column("place")
    _close_what_is_open()
    with op.batch_alter_table("ent_campaign") as campaign:
        for column in ("ended_at", "ended_by", "cohort_id", "keys", "keys_digest"):
            campaign.drop_column(column)
        campaign.alter_column("state", existing_type=sa.String(10), type_=sa.String(6), existing_nullable=False)
        campaign.create_check_constraint(op.f("ck_ent_campaign_state"), "state IN ('open', 'closed')")
    for table in ("ent_participation", "ent_ballot"):
        op.create_table(table, *_of_campaign(table), *_old(table), sqlite_with_rowid=False)
        op.create_index(op.f(f"ix_{table}_campaign_id"), table, ["campaign_id"], unique=False)


def _close_what_is_open() -> None:
    """Sealed ballots cannot be carried back either."""
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_constraint(op.f("ck_ent_campaign_state"), type_="check")
    op.execute("DELETE FROM ent_campaign_class WHERE campaign_id IN (SELECT id FROM ent_campaign WHERE state = 'open')")
    op.execute("DELETE FROM ent_campaign WHERE state = 'open'")
    op.execute("UPDATE ent_campaign SET state = 'closed'")


def _old(table: str) -> tuple[Any, ...]:
    if table == "ent_participation":
        return (sa.Column("class_code", sa.String(80), nullable=False),)
    return (
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.CheckConstraint("level IN ('ecole', 'college', 'lycee')", name=op.f("ck_ent_ballot_level")),
    )
