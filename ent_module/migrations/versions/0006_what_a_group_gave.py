"""Which place in a listening group a followed group gave, so that the end of following forgets no decision."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GAVE = """
UPDATE ent_followed_seat SET gave = (
    SELECT place.id FROM ent_grant AS place
    WHERE place.establishment_id = ent_followed_seat.establishment_id
    AND place.account_id = ent_followed_seat.account_id AND place.role = 'listener'
    AND place.since IS NOT NULL AND place.until IS NULL AND place.proposed_by IS NULL
)
"""


def upgrade() -> None:
    op.add_column("ent_followed_seat", sa.Column("gave", sa.Uuid(), nullable=True))
    op.execute(_GAVE)


def downgrade() -> None:
    op.drop_column("ent_followed_seat", "gave")
