"""Since when a class answers, where all open first and then all answer."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ANSWERING = "ck_ent_campaign_class_answering"


def upgrade() -> None:
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.add_column(sa.Column("answering_since", sa.DateTime(timezone=True), nullable=True))
        joined.create_check_constraint(op.f(_ANSWERING), "answering_since IS NULL OR place = 'class'")


def downgrade() -> None:
    with op.batch_alter_table("ent_campaign_class") as joined:
        joined.drop_constraint(op.f(_ANSWERING), type_="check")
        joined.drop_column("answering_since")
