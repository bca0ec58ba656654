"""Quick exit out of a portal's frame: an address that ends one session, and is worth nothing else.

The link replaces the whole window, and what takes the frame's place has none of the frame's cookies. So the address
says itself which session ends. It holds the digest by which the session's row is found, encrypted and authenticated
(AES-SIV, RFC 5297): nobody can read it, make one or turn it into a cookie, and it dies with the session. It is the same
on all pages of a session, since its key and content are.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from ent_module.web.house import Keys


def token(keys: Keys, digest: bytes) -> str:
    """What the address carries, for the session with that digest."""
    return urlsafe_b64encode(_cipher(keys).encrypt(digest, None)).decode()


def digest(keys: Keys, token: str) -> bytes | None:
    """The digest of the session that ends; None for a token that is not ours."""
    try:
        return _cipher(keys).decrypt(urlsafe_b64decode(token), None)
    except (InvalidTag, ValueError):
        return None


def _cipher(keys: Keys) -> AESSIV:
    return AESSIV(keys.derive("web.leave", length=64))
