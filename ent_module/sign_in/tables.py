"""What is known of OIDC portals, the sign-ins under way, whose portal session ours follows, and used-up logouts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from ent_module.database import Base


class OidcClient(Base):
    """A portal that speaks OpenID Connect, and who we are there. Its addresses are asked of the issuer."""

    __tablename__ = "ent_oidc_client"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_portal.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    """The client's secret under a key derived from the installation's."""


class OidcLogin(Base):
    """A sign-in that a browser has begun and not ended yet. Popped once, kept ten minutes.

    What ends it (nonce, PKCE verifier, page to go back to) is sealed under the secret in that browser's cookie: with
    the database alone nobody can go on where a child has begun.
    """

    __tablename__ = "ent_oidc_login"

    state_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_oidc_client.portal_id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class OidcSession(Base):
    """Which of our sessions ends when the portal says that a session, or somebody's every session, has ended.

    It goes with the session. Session and subject of the portal stand there as keyed digests.
    """

    __tablename__ = "ent_oidc_session"

    session_digest: Mapped[bytes] = mapped_column(
        LargeBinary(32), ForeignKey("ent_session.digest", ondelete="CASCADE"), primary_key=True
    )
    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_oidc_client.portal_id"))
    subject_digest: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    sid_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)


class OidcLogout(Base):
    """A logout token that was obeyed, by its id: it is obeyed once. Kept until it would be too old anyway."""

    __tablename__ = "ent_oidc_logout"

    portal_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ent_oidc_client.portal_id"), primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
