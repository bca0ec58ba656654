"""Registered LTI platforms with their deployments, and the logins under way. Keys of platforms are never kept here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base


class Registration(Base):
    """A portal that speaks LTI 1.3: who it says it is, and its three addresses."""

    __tablename__ = "ent_lti_registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    auth_url: Mapped[str] = mapped_column(String(1000))
    token_url: Mapped[str] = mapped_column(String(1000))
    jwks_url: Mapped[str] = mapped_column(String(1000))


class Deployment(Base):
    """A deployment of a registration, and an establishment that it stands for: only these may its launches name.

    Where a deployment stands for several, each launch must name its schools itself.
    """

    __tablename__ = "ent_lti_deployment"

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_lti_registration.portal_id"), primary_key=True)
    deployment_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    establishment_id: Mapped[UUID] = mapped_column(
        Uuid, ForeignKey("ent_establishment.id"), primary_key=True, index=True
    )


class Login(Base):
    """A login that a platform has begun and whose launch has not come yet. Popped once, kept ten minutes.

    It says nothing of the person, and neither the state nor the cookie's secret can be read from it.
    """

    __tablename__ = "ent_lti_login"

    state_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_lti_registration.portal_id"))
    nonce: Mapped[str] = mapped_column(String(64))
    binding_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of the secret in the cookie of the browser that began."""
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    """What the platform asked for, sealed under the state: to begin again in a tab, where a frame keeps no cookie."""
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
