"""The key of a survey may be in two shares: the database has it wrapped, and when it was tried.

Surveys that are there keep theirs in the key store.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("wrapped", sa.LargeBinary()),
    ("rehearsed_on", sa.Date()),
    ("tried_in", sa.DateTime(timezone=True)),
    ("shredded_on", sa.Date()),
)
_BEFORE = "'shown', 'few', 'one_class', 'lost'"


def upgrade() -> None:
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.add_column(sa.Column("custody", sa.String(6), nullable=False, server_default="simple"))
        campaign.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        for name, kind in _COLUMNS:
            campaign.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.alter_column("custody", existing_type=sa.String(6), server_default=None, existing_nullable=False)
        campaign.alter_column("tries", existing_type=sa.Integer(), server_default=None, existing_nullable=False)
        campaign.create_check_constraint(op.f("ck_ent_campaign_custody"), "custody IN ('simple', 'shared')")
    _allow(f"{_BEFORE}, 'unopened'")


def downgrade() -> None:
    """What is in two shares has its key nowhere else: nobody can open it any more, as where keys were lost."""
    op.execute("UPDATE ent_closing SET release = 'lost' WHERE release = 'unopened'")
    _allow(_BEFORE)
    with op.batch_alter_table("ent_campaign") as campaign:
        campaign.drop_constraint(op.f("ck_ent_campaign_custody"), type_="check")
        for name in ("custody", "tries", *(name for name, _kind in _COLUMNS)):
            campaign.drop_column(name)


def _allow(releases: str) -> None:
    with op.batch_alter_table("ent_closing") as closing:
        closing.drop_constraint(op.f("ck_ent_closing_release"), type_="check")
        closing.create_check_constraint(op.f("ck_ent_closing_release"), f"release IN ({releases})")
