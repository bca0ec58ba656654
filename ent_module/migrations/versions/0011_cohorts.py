"""A campaign may have several cohorts, each with a key of its own; numbers may be those of a level.

What is open has one key under another name, and its list does not say of how many pupils: it begins anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OF_SCHOOLS = "uq_ent_result_cell_establishment_id_campaign_id_item_choice"
_OF_LEVELS = "uq_ent_result_cell"
_NO_ROW_NUMBER = {"sqlite_with_rowid": False}
_ZERO = sa.text("'" + "0" * 32 + "'")
_OF_A_CAMPAIGN = ("ent_issuance", "ent_ballot_card", "ent_sealed_ballot", "ent_campaign_class")
_EMPTIED = ("ent_issuance", "ent_ballot_card", "ent_sealed_ballot")


def upgrade() -> None:
    _forget_what_is_not_counted()
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.add_column(sa.Column("cohort_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE ent_campaign_class SET cohort_id = (SELECT cohort_id FROM ent_campaign"
        " WHERE ent_campaign.establishment_id = ent_campaign_class.establishment_id"
        " AND ent_campaign.id = ent_campaign_class.campaign_id)"
    )
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_column("cohort_id")
    for table in _EMPTIED:
        with op.batch_alter_table(table, table_kwargs=_NO_ROW_NUMBER) as emptied:
            emptied.add_column(sa.Column("cohort_id", sa.Uuid(), nullable=False, server_default=_ZERO))
        with op.batch_alter_table(table, table_kwargs=_NO_ROW_NUMBER) as emptied:
            emptied.alter_column("cohort_id", existing_type=sa.Uuid(), server_default=None, existing_nullable=False)
    with op.batch_alter_table("ent_result_cell") as cell:
        cell.add_column(sa.Column("level", sa.String(80), nullable=False, server_default=""))
        cell.drop_constraint(op.f(_OF_SCHOOLS), type_="unique")
    with op.batch_alter_table("ent_result_cell") as cell:
        cell.alter_column("level", existing_type=sa.String(80), server_default=None, existing_nullable=False)
        cell.create_unique_constraint(op.f(_OF_LEVELS), ["establishment_id", "campaign_id", "level", "item", "choice"])


def _forget_what_is_not_counted() -> None:
    open_ones = "SELECT id FROM ent_campaign WHERE state IN ('announced', 'open', 'ended')"
    for table in _OF_A_CAMPAIGN:
        op.execute(f"DELETE FROM {table} WHERE campaign_id IN ({open_ones})")  # noqa: S608  # names written here
    op.execute("DELETE FROM ent_campaign WHERE state IN ('announced', 'open', 'ended')")


def downgrade() -> None:
    """What is open begins anew this way too, and of levels nothing is kept."""
    _forget_what_is_not_counted()
    op.execute("DELETE FROM ent_result_cell WHERE level <> ''")
    with op.batch_alter_table("ent_result_cell") as cell:
        cell.drop_constraint(op.f(_OF_LEVELS), type_="unique")
        cell.drop_column("level")
    with op.batch_alter_table("ent_result_cell") as cell:
        cell.create_unique_constraint(op.f(_OF_SCHOOLS), ["establishment_id", "campaign_id", "item", "choice"])
    for table in _EMPTIED:
        with op.batch_alter_table(table, table_kwargs=_NO_ROW_NUMBER) as emptied:
            emptied.drop_column("cohort_id")
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.add_column(sa.Column("cohort_id", sa.Uuid(), nullable=False, server_default=_ZERO))
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.alter_column("cohort_id", existing_type=sa.Uuid(), server_default=None, existing_nullable=False)
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.drop_column("cohort_id")
