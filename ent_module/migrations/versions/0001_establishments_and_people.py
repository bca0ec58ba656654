"""Establishments, people, sessions, jobs and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ent_establishment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('ecole', 'college', 'lycee', 'circonscription', 'departement', 'academie', 'region')",
            name=op.f("ck_ent_establishment_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["ent_establishment.id"], name=op.f("fk_ent_establishment_parent_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ent_establishment")),
        sa.UniqueConstraint("uai", name=op.f("uq_ent_establishment_uai")),
    )
    with op.batch_alter_table("ent_establishment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_establishment_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "ent_job_lease",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ent_job_lease")),
    )
    op.create_table(
        "ent_portal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ent_portal")),
        sa.UniqueConstraint("name", name=op.f("uq_ent_portal_name")),
    )
    op.create_table(
        "ent_session",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ent_session")),
    )
    with op.batch_alter_table("ent_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "ent_hand_over",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ent_hand_over")),
    )
    with op.batch_alter_table("ent_hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_hand_over_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "ent_account",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.LargeBinary(length=32), nullable=False),
        sa.Column("profile", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("person", sa.LargeBinary(length=32), nullable=True),
        sa.Column("first_seen", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "profile IN ('pupil', 'parent', 'teacher', 'staff', 'management', 'external', 'visitor')",
            name=op.f("ck_ent_account_profile"),
        ),
        sa.CheckConstraint(
            "profile NOT IN ('pupil', 'parent', 'visitor') OR name = ''",
            name=op.f("ck_ent_account_no_name_of_families"),
        ),
        sa.CheckConstraint(
            "(profile IN ('pupil', 'parent', 'visitor')) = (person IS NULL)",
            name=op.f("ck_ent_account_person_of_adults"),
        ),
        sa.CheckConstraint(
            "(profile IN ('pupil', 'parent', 'visitor')) = (first_seen IS NULL)",
            name=op.f("ck_ent_account_first_seen_of_adults"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_account_establishment_id_ent_establishment"),
        ),
        sa.ForeignKeyConstraint(["portal_id"], ["ent_portal.id"], name=op.f("fk_ent_account_portal_id_ent_portal")),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_account")),
        sa.UniqueConstraint("establishment_id", "pseudonym", name=op.f("uq_ent_account_establishment_id_pseudonym")),
    )
    with op.batch_alter_table("ent_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ent_account_person"), ["person"], unique=False)

    op.create_table(
        "ent_audit",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["ent_establishment.id"], name=op.f("fk_ent_audit_establishment_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_audit")),
    )
    op.create_table(
        "ent_key_check",
        sa.Column("name", sa.String(length=10), nullable=False),
        sa.Column("value", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ent_key_check")),
    )
    op.create_table(
        "ent_portal_establishment",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_portal_establishment_establishment_id_ent_establishment"),
        ),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["ent_portal.id"], name=op.f("fk_ent_portal_establishment_portal_id_ent_portal")
        ),
        sa.PrimaryKeyConstraint("portal_id", "establishment_id", name=op.f("pk_ent_portal_establishment")),
    )
    with op.batch_alter_table("ent_portal_establishment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ent_portal_establishment_establishment_id"), ["establishment_id"], unique=False
        )

    op.create_table(
        "ent_setting",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("published", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_setting_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_setting")),
        sa.UniqueConstraint("establishment_id", "name", name=op.f("uq_ent_setting_establishment_id_name")),
    )
    op.create_table(
        "ent_grant",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("leave_proposed_by", sa.Uuid(), nullable=True),
        sa.Column("leave_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('listener', 'secrecy_listener', 'coordinator', 'head', 'local_admin', 'ambassador', 'territory_viewer', 'referent', 'platform_admin')",
            name=op.f("ck_ent_grant_role"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)",
            name=op.f("ck_ent_grant_two_persons"),
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> account_id", name=op.f("ck_ent_grant_not_oneself")),
        sa.CheckConstraint(
            "leave_confirmed_by IS NULL OR (leave_proposed_by IS NOT NULL AND leave_confirmed_by <> leave_proposed_by)",
            name=op.f("ck_ent_grant_leave_two_persons"),
        ),
        sa.CheckConstraint(
            "leave_confirmed_by IS NULL OR leave_confirmed_by <> account_id",
            name=op.f("ck_ent_grant_leave_not_oneself"),
        ),
        sa.CheckConstraint(
            "since IS NULL OR proposed_by IS NULL OR confirmed_by IS NOT NULL",
            name=op.f("ck_ent_grant_begins_confirmed"),
        ),
        sa.CheckConstraint(
            "until IS NULL OR (since IS NOT NULL AND leave_proposed_by IS NOT NULL AND (leave_proposed_by = account_id OR leave_confirmed_by IS NOT NULL))",
            name=op.f("ck_ent_grant_ends_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "account_id"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_grant_account_id",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "confirmed_by"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_grant_confirmed_by",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "leave_confirmed_by"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_grant_leave_confirmed_by",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "leave_proposed_by"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_grant_leave_proposed_by",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id", "proposed_by"],
            ["ent_account.establishment_id", "ent_account.id"],
            name="fk_ent_grant_proposed_by",
        ),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["ent_establishment.id"], name=op.f("fk_ent_grant_establishment_id_ent_establishment")
        ),
        sa.PrimaryKeyConstraint("establishment_id", "id", name=op.f("pk_ent_grant")),
    )
    with op.batch_alter_table("ent_grant", schema=None) as batch_op:
        batch_op.create_index(
            "uq_ent_grant_standing",
            ["establishment_id", "account_id", "role"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("ent_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ent_grant_standing", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

    op.drop_table("ent_grant")
    op.drop_table("ent_setting")
    with op.batch_alter_table("ent_portal_establishment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_portal_establishment_establishment_id"))

    op.drop_table("ent_portal_establishment")
    op.drop_table("ent_key_check")
    op.drop_table("ent_audit")
    with op.batch_alter_table("ent_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_account_person"))

    op.drop_table("ent_account")
    with op.batch_alter_table("ent_hand_over", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_hand_over_expires_at"))

    op.drop_table("ent_hand_over")
    with op.batch_alter_table("ent_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_session_expires_at"))

    op.drop_table("ent_session")
    op.drop_table("ent_portal")
    op.drop_table("ent_job_lease")
    with op.batch_alter_table("ent_establishment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ent_establishment_parent_id"))

    op.drop_table("ent_establishment")
