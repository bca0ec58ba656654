"""A head reads a school's own questionnaire and accepts it before it is offered: those that are there wait for that.

What was announced keeps its questionnaire and goes on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLE = "ent_own_questionnaire"
_SAID = "accord IN ('none', 'waiting', 'accepted', 'refused')"


def upgrade() -> None:
    with op.batch_alter_table(_TABLE) as own:
        own.add_column(sa.Column("accord", sa.String(8), nullable=False, server_default="waiting"))
        own.add_column(sa.Column("read_digest", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table(_TABLE) as own:
        own.alter_column("accord", existing_type=sa.String(8), server_default=None, existing_nullable=False)
        own.alter_column("read_digest", existing_type=sa.String(64), server_default=None, existing_nullable=False)
        own.create_check_constraint(op.f("ck_ent_own_questionnaire_accord"), _SAID)


def downgrade() -> None:
    with op.batch_alter_table(_TABLE) as own:
        own.drop_constraint(op.f("ck_ent_own_questionnaire_accord"), type_="check")
        own.drop_column("read_digest")
        own.drop_column("accord")
