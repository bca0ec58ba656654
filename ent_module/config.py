"""Every setting of the module, one sentence each. All come from the environment; tests hand them in."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class ConfigurationError(Exception):
    """A setting cannot be used; the message names it and says what it wants."""


@dataclass(frozen=True)
class Settings:
    """What an installation decides. Each field is ENT_<NAME> in the environment."""

    public_url: str = "http://127.0.0.1:8000"
    """The address that portals and browsers know, without the prefix; never taken from a Host header. It ends with the
    path below which the whole application is mounted, if any."""
    url_prefix: str = "/ent"
    """Where the module lives below that address."""
    database_url: str = ""
    """SQLAlchemy address of the database; empty: SQLite in the data folder."""
    data_dir: Path = field(default_factory=lambda: Path("ent-data"))
    """Folder of the embedded database and of the key file made with it."""
    key_file: Path | None = None
    """File with the 32 random bytes from which all keys are derived; empty: `master.key` in the data folder."""
    key_store: Path | None = None
    """Folder of the keys of open surveys, which all processes share and no backup holds; empty: `survey-keys` in the
    data folder."""
    content_store: Path | None = None
    """Folder of the keys by which conversations are erased, which all processes share; copied apart from the database,
    no copy kept for more than 14 days. Empty: `content-keys` in the data folder."""
    grace_minutes: int = 15
    """How long after the end of a survey ballots that are on their way still count; nothing is opened before."""
    surface: str = "all"
    """Which side this process serves: `public`, `staff` or `all`."""
    title: str = "Ressources"
    """Neutral word of the portal's menu; every page's title, so that history tells nothing."""
    exit_url: str = "https://fr.wikipedia.org/wiki/Wikip%C3%A9dia:Accueil_principal"
    """Where quick exit goes: a neutral page that shows nothing personal."""
    allow_local_portals: bool = False
    """Accept portals on plain http and loopback addresses (development only)."""
    session_hours: int = 4
    """After how many hours a session ends, whatever happens; at the next full hour, so that it tells no moment."""
    operator: str = ""
    """Who runs this installation, for the legal notice (a région, a département, an académie …)."""
    contact: str = ""
    """How to reach the operator about accessibility and personal data: an e-mail or postal address."""
    hosting: str = ""
    """Who hosts it and where, for the legal notice."""
    own_origin: bool = False
    """The origin of the public address serves nothing but the module: quick exit then clears what browsers stored for
    it, which elsewhere would be a host's or the portal's."""
    desk_second_factor: bool = True
    """Ask at the desk of listening groups for a code of a device enrolled here, beside the portal's sign-in."""
    desk_hours: int = 8
    """After how many hours the desk asks for the code again; never longer than the session."""
    desk_idle_minutes: int = 30
    """After how many minutes without a page of the desk it asks for the code again."""
    check_uai: bool = True
    """Check the letter of school codes (UAI); off for invented schools."""

    smtp_host: str = ""
    """The mail server that takes notices to the listening groups; empty: no mail leaves."""
    smtp_port: int = 587
    """Its port."""
    smtp_security: str = "starttls"
    """How the line to it is secured: `starttls`, `tls` from the start, or `none` on the same machine."""
    smtp_user: str = ""
    """With what name one signs in there; empty: without."""
    smtp_password: str = field(default="", repr=False)
    """With what password."""
    smtp_from: str = ""
    """From which address notices come; nobody reads what is answered to it."""
    smtp_timeout: int = 10
    """After how many seconds a mail server that does not answer is given up, until the next tick."""

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, which decides the cookies."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def home_path(self) -> str:
        """The path of the home page as browsers see it, without its last slash."""
        return urlsplit(self.public_url).path.rstrip("/") + self.url_prefix

    @property
    def resolved_database_url(self) -> str:
        """The database's address: as set, else SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'ent.sqlite'}"

    @property
    def resolved_key_file(self) -> Path:
        """The key file: as set, else in the data folder."""
        return self.key_file or self.data_dir / "master.key"

    @property
    def resolved_key_store(self) -> Path:
        """The folder of survey keys: as set, else in the data folder."""
        return self.key_store or self.data_dir / "survey-keys"

    @property
    def resolved_content_store(self) -> Path:
        """The folder of the keys of conversations: as set, else in the data folder."""
        return self.content_store or self.data_dir / "content-keys"


_NUMBERS = (
    *(("session_hours", 1, 24), ("grace_minutes", 0, 60), ("smtp_port", 1, 65_535), ("smtp_timeout", 1, 60)),
    *(("desk_hours", 1, 12), ("desk_idle_minutes", 5, 60)),
)
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")


def _flag(value: str) -> bool:
    return value.strip().lower() in {"1", "true", "yes", "on"}


def settings_from(env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ENT_* variables. Raises ConfigurationError for a value that cannot be used."""
    given = {
        name: env[f"ENT_{name.upper()}"] for name in Settings.__dataclass_fields__ if env.get(f"ENT_{name.upper()}")
    }
    values: dict[str, object] = dict(given)
    for name in ("data_dir", "key_file", "key_store", "content_store"):
        if name in given:
            values[name] = Path(given[name])
    for name in ("allow_local_portals", "check_uai", "own_origin", "desk_second_factor"):
        if name in given:
            values[name] = _flag(given[name])
    for name, least, most in _NUMBERS:
        if name in given:
            if not given[name].isdecimal() or not least <= int(given[name]) <= most:
                raise ConfigurationError(f"ENT_{name.upper()} wants a whole number from {least} to {most}")
            values[name] = int(given[name])
    return checked(Settings(**values))  # type: ignore[arg-type]  # converted just above, field by field


def checked(settings: Settings) -> Settings:
    """The same settings, or ConfigurationError with the name of the first that cannot be used."""
    url = urlsplit(settings.public_url)
    if url.scheme not in {"http", "https"} or not url.netloc or not _PATH.fullmatch(url.path) or url.query:
        raise ConfigurationError("ENT_PUBLIC_URL wants an address like https://portal.example or …/espace")
    loopback = url.hostname in {"127.0.0.1", "localhost", "::1"}
    if url.scheme == "http" and not loopback:
        raise ConfigurationError("ENT_PUBLIC_URL must be https, except on this machine (127.0.0.1)")
    if not settings.url_prefix.startswith("/") or settings.url_prefix.endswith("/"):
        raise ConfigurationError("ENT_URL_PREFIX wants a path like /ent")
    if settings.surface not in {"public", "staff", "all"}:
        raise ConfigurationError("ENT_SURFACE wants public, staff or all")
    if settings.allow_local_portals and url.scheme == "https" and not loopback:
        raise ConfigurationError("ENT_ALLOW_LOCAL_PORTALS is for development and cannot go with a public address")
    return _mail_checked(settings)


def _mail_checked(settings: Settings) -> Settings:
    if settings.smtp_security not in {"starttls", "tls", "none"}:
        raise ConfigurationError("ENT_SMTP_SECURITY wants starttls, tls or none")
    if settings.smtp_host and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", settings.smtp_from):
        raise ConfigurationError("ENT_SMTP_FROM wants an address like portail@example.org where ENT_SMTP_HOST is set")
    if settings.smtp_user and settings.smtp_security == "none":
        raise ConfigurationError("ENT_SMTP_USER cannot go with ENT_SMTP_SECURITY=none: the password would be read")
    return settings
