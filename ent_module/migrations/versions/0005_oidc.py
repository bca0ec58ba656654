"""OpenID Connect portals, sign-ins under way and logouts, and groups of portals that listening groups follow."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_oidc_client",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["ent_portal.id"], name=op.f("fk_ent_oidc_client_portal_id_ent_portal")),
        sa.PrimaryKeyConstraint("portal_id", name=op.f("pk_ent_oidc_client")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_ent_oidc_client_issuer_client_id")),
    )
    op.create_table(
        "ent_oidc_login",
        sa.Column("state_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _of_client("ent_oidc_login"),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_ent_oidc_login")),
    )
    _index("ent_oidc_login", "expires_at")
    op.create_table(
        "ent_oidc_session",
        sa.Column("session_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("subject_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sid_digest", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_digest"],
            ["ent_session.digest"],
            name=op.f("fk_ent_oidc_session_session_digest_ent_session"),
            ondelete="CASCADE",
        ),
        _of_client("ent_oidc_session"),
        sa.PrimaryKeyConstraint("session_digest", name=op.f("pk_ent_oidc_session")),
    )
    _index("ent_oidc_session", "subject_digest")
    _index("ent_oidc_session", "sid_digest")
    op.create_table(
        "ent_oidc_logout",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _of_client("ent_oidc_logout"),
        sa.PrimaryKeyConstraint("portal_id", "token_digest", name=op.f("pk_ent_oidc_logout")),
    )
    _index("ent_oidc_logout", "expires_at")
    op.create_table(
        "ent_followed_group",
        *_of_establishment("ent_followed_group"),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=20), nullable=False),
        sa.Column("awaited", sa.Integer(), nullable=False),
        sa.Column("waits_to_empty", sa.Boolean(), nullable=False),
        sa.Column("may_empty", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["ent_portal.id"], name=op.f("fk_ent_followed_group_portal_id_ent_portal")
        ),
        sa.UniqueConstraint("establishment_id", name=op.f("uq_ent_followed_group_establishment_id")),
    )
    op.create_table(
        "ent_followed_seat",
        *_of_establishment("ent_followed_seat"),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id", "account_id"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_followed_seat_account_id",
        ),
        sa.UniqueConstraint(
            "establishment_id", "account_id", name=op.f("uq_ent_followed_seat_establishment_id_account_id")
        ),
    )


def _of_establishment(table: str) -> tuple[Any, ...]:
    """What the key of an establishment's table is made of."""
    place = op.f(f"fk_{table}_establishment_id_ent_establishment")
    return (
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["establishment_id"], ["ent_establishment.id"], name=place),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f(f"pk_{table}")),
    )


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_portal_id_ent_oidc_client")
    return sa.ForeignKeyConstraint(["portal_id"], ["ent_oidc_client.portal_id"], name=name)


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("followed_seat", "followed_group", "oidc_logout", "oidc_session", "oidc_login", "oidc_client"):
        op.drop_table(f"ent_{table}")
