"""LTI platforms and logins."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_lti_registration",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_url", sa.String(length=1000), nullable=False),
        sa.Column("token_url", sa.String(length=1000), nullable=False),
        sa.Column("jwks_url", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["ent_portal.id"], name=op.f("fk_ent_lti_registration_portal_id_ent_portal")
        ),
        sa.PrimaryKeyConstraint("portal_id", name=op.f("pk_ent_lti_registration")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_ent_lti_registration_issuer_client_id")),
    )
    op.create_table(
        "ent_lti_deployment",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_lti_deployment_establishment_id_ent_establishment"),
        ),
        sa.ForeignKeyConstraint(
            ["portal_id"],
            ["ent_lti_registration.portal_id"],
            name=op.f("fk_ent_lti_deployment_portal_id_ent_lti_registration"),
        ),
        sa.PrimaryKeyConstraint("portal_id", "deployment_id", "establishment_id", name=op.f("pk_ent_lti_deployment")),
    )
    with op.batch_alter_table("ent_lti_deployment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_lti_deployment_establishment_id"), ["establishment_id"], unique=False)

    op.create_table(
        "ent_lti_login",
        sa.Column("state_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("binding_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"],
            ["ent_lti_registration.portal_id"],
            name=op.f("fk_ent_lti_login_portal_id_ent_lti_registration"),
        ),
        sa.PrimaryKeyConstraint("state_digest", name=op.f("pk_ent_lti_login")),
    )
    with op.batch_alter_table("ent_lti_login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_lti_login_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ent_lti_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_lti_login_expires_at"))

    op.drop_table("ent_lti_login")
    with op.batch_alter_table("ent_lti_deployment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_lti_deployment_establishment_id"))

    op.drop_table("ent_lti_deployment")
    op.drop_table("ent_lti_registration")
