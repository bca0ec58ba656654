"""One-time codes of a device (TOTP, RFC 6238): six digits, a new one each thirty seconds, of a secret of 20 bytes.

Pure rules. SHA-1 is what every authenticator speaks; what its collisions break, HMAC does not rest on.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECRET, DIGITS, SECONDS = 20, 6, 30
WINDOW = 1
"""So many steps before and after ours count too: clocks differ, and typing takes a while."""


def new_secret() -> bytes:
    """Chance."""
    return secrets.token_bytes(SECRET)


def code_at(secret: bytes, step: int) -> str:
    """The code of one step."""
    return TOTP(secret, DIGITS, SHA1(), SECONDS).generate(step * SECONDS).decode()  # noqa: S303  # what authenticators speak; HMAC


def step_at(now: datetime) -> int:
    """The step of a moment."""
    return int(now.timestamp()) // SECONDS


def accepted(secret: bytes, typed: str, now: datetime, after: int = -1) -> int | None:
    """The step of which this is the code; None where it is of none that counts, or of one up to `after`: a code that
    was used, or is older than one that was, opens nothing.

    All steps are looked at, in the same time.
    """
    code, found = "".join(typed.split()), None
    for step in range(step_at(now) - WINDOW, step_at(now) + WINDOW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and step > after:
            found = step
    return found


def in_groups(secret: bytes) -> str:
    """The secret as one types it: base32 in groups of four."""
    plain = b32encode(secret).decode()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def address(secret: bytes, issuer: str) -> str:
    """What a QR code tells an authenticator. It names the portal's neutral word and nobody: phones lie about."""
    label = quote(issuer, safe="")
    plain = b32encode(secret).decode()
    return f"otpauth://totp/{label}?secret={plain}&issuer={label}&algorithm=SHA1&digits={DIGITS}&period={SECONDS}"


def number_of(secret: bytes) -> str:
    """Six digits by which two people see that they speak of the same device. They tell nothing of the secret."""
    digest = hmac.digest(secret, b"ent/second-factor/number", "sha256")
    plain = f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06}"
    return f"{plain[:3]} {plain[3:]}"
