"""The audit trail: who did what to which object on which day. No text, no exact time, no sequence number.

And the check value of the master key (`installation`).
"""

from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import DDL, Date, ForeignKey, LargeBinary, String, Table, UniqueConstraint, Uuid, event
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base, OfEstablishment


class AuditLine(OfEstablishment, Base):
    """One act of an adult. A pupil's acts leave no line.

    Lines are only ever added: the database itself refuses to change or to delete one (`APPEND_ONLY`). Each says which
    line came before it, by digest (`audit_chain`); two lines of an establishment never follow the same one.
    """

    __tablename__ = "ent_audit"
    __table_args__ = (UniqueConstraint("establishment_id", "previous"),)

    day: Mapped[date] = mapped_column(Date)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None] = mapped_column(Uuid)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The digest of the line before; of the first one, what begins the establishment's trail."""
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHead(Base):
    """The digest of an establishment's last line. Whoever adds one holds this row until the commit."""

    __tablename__ = "ent_audit_head"

    establishment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_establishment.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class KeyCheck(Base):
    """Under which key this database is filled: a value that the key gives, and that does not give the key."""

    __tablename__ = "ent_key_check"

    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary(32))


REFUSED = "the audit trail is append-only"
APPEND_ONLY = {
    "sqlite": (
        *(
            f"CREATE TRIGGER ent_audit_no_{verb} BEFORE {verb.upper()} ON ent_audit"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            for verb in ("update", "delete")
        ),
        # `INSERT OR REPLACE` deletes without a word to the trigger above
        (
            "CREATE TRIGGER ent_audit_no_replace BEFORE INSERT ON ent_audit WHEN EXISTS (SELECT 1 FROM ent_audit"  # noqa: S608  # words written here
            " WHERE establishment_id = NEW.establishment_id AND (id = NEW.id OR previous = NEW.previous))"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION ent_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        ),
        (
            "CREATE TRIGGER ent_audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ent_audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION ent_audit_refuse()"
        ),
    ),
}
"""What makes the database refuse; the migration that brought it says the same."""
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        # SQLAlchemy gives DDL no types
        _made = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(cast(Table, AuditLine.__table__), "after_create", _made)
