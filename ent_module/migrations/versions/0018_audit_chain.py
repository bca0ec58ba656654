"""Lines of the audit trail follow one another by digest, and none can be changed or deleted.

Lines that are there are put into a chain by day; in what order those of one day came is not known.
"""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_AUDIT = sa.table(
    "ent_audit",
    sa.column("establishment_id", sa.Uuid()),
    sa.column("id", sa.Uuid()),
    sa.column("day", sa.Date()),
    sa.column("account_id", sa.Uuid()),
    sa.column("action", sa.String()),
    sa.column("object_id", sa.Uuid()),
    sa.column("previous", sa.LargeBinary()),
    sa.column("digest", sa.LargeBinary()),
)
_HEAD = sa.table("ent_audit_head", sa.column("establishment_id", sa.Uuid()), sa.column("digest", sa.LargeBinary()))
_REFUSED = "the audit trail is append-only"
_SQLITE = (
    *(
        f"CREATE TRIGGER ent_audit_no_{verb} BEFORE {verb.upper()} ON ent_audit"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        for verb in ("update", "delete")
    ),
    (
        "CREATE TRIGGER ent_audit_no_replace BEFORE INSERT ON ent_audit WHEN EXISTS (SELECT 1 FROM ent_audit"  # noqa: S608  # words written here
        " WHERE establishment_id = NEW.establishment_id AND (id = NEW.id OR previous = NEW.previous))"
        f" BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    ),
)
_POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION ent_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    ),
    (
        "CREATE TRIGGER ent_audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ent_audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION ent_audit_refuse()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "ent_audit_head",
        sa.Column("establishment_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["ent_establishment.id"],
            name=op.f("fk_ent_audit_head_establishment_id_ent_establishment"),
        ),
        sa.PrimaryKeyConstraint("establishment_id", name=op.f("pk_ent_audit_head")),
    )
    with op.batch_alter_table("ent_audit") as audit:
        audit.add_column(sa.Column("previous", sa.LargeBinary(32), nullable=True))
        audit.add_column(sa.Column("digest", sa.LargeBinary(32), nullable=True))
    _chain()
    with op.batch_alter_table("ent_audit") as audit:
        audit.alter_column("previous", existing_type=sa.LargeBinary(32), nullable=False)
        audit.alter_column("digest", existing_type=sa.LargeBinary(32), nullable=False)
        audit.create_unique_constraint(op.f("uq_ent_audit_establishment_id_previous"), ["establishment_id", "previous"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _chain() -> None:
    """The same digests as the program makes (`privacy.audit_chain`), as that made them when this was written."""
    connection = op.get_bind()
    heads: dict[Any, bytes] = {}
    order = (_AUDIT.c.establishment_id, _AUDIT.c.day, _AUDIT.c.id)
    for line in connection.execute(sa.select(_AUDIT).order_by(*order)).all():
        place = line.establishment_id
        previous = heads.get(place) or _digest(b"ent/audit/1", place.bytes)
        parts = (line.id.bytes, line.day.isoformat().encode(), line.account_id.bytes, line.action.encode())
        about = line.object_id.bytes if line.object_id else b""
        heads[place] = _digest(b"ent/audit/1/line", previous, place.bytes, *parts, about)
        mine = (_AUDIT.c.establishment_id == place) & (_AUDIT.c.id == line.id)
        connection.execute(sa.update(_AUDIT).where(mine).values(previous=previous, digest=heads[place]))
    for place, digest in heads.items():
        connection.execute(sa.insert(_HEAD).values(establishment_id=place, digest=digest))


def _digest(*parts: bytes) -> bytes:
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER ent_audit_no_{name}")
    else:
        op.execute("DROP TRIGGER ent_audit_no_change ON ent_audit")
        op.execute("DROP FUNCTION ent_audit_refuse()")
    with op.batch_alter_table("ent_audit") as audit:
        audit.drop_constraint(op.f("uq_ent_audit_establishment_id_previous"), type_="unique")
        audit.drop_column("digest")
        audit.drop_column("previous")
    op.drop_table("ent_audit_head")
