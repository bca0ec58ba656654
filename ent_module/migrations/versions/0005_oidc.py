"""OpenID Connect portals, sign-ins under way, and logouts."""

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


def _of_client(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_portal_id_ent_oidc_client")
    return sa.ForeignKeyConstraint(["portal_id"], ["ent_oidc_client.portal_id"], name=name)


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("ent_oidc_logout", "ent_oidc_session", "ent_oidc_login", "ent_oidc_client"):
        op.drop_table(table)
