"""The signature of a portal's token: RS256 by a key that the token names (RFC 7515, RFC 7519)."""

from collections.abc import Iterable
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from ent_module.sign_in.model import is_id
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn

_REGISTRY = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)  # unknown headers are allowed, `crit` not
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def key_name(token: Any) -> str:
    """The `kid` of a token that nobody has verified yet. Raises RefusedSignIn."""
    try:
        kid = jws.extract_compact(token.encode(), registry=_REGISTRY).headers().get("kid")
    except _UNREADABLE:
        raise RefusedSignIn(Reason.TOKEN) from None
    if not is_id(kid):
        raise RefusedSignIn(Reason.KEY)
    return str(kid)


def verified_claims(token: str, keys: Iterable[RSAKey]) -> dict[str, Any]:
    """The claims of a token that one of the keys has signed. Raises RefusedSignIn."""
    for key in keys:
        try:
            return jwt.decode(token, key, registry=_REGISTRY).claims
        except _UNREADABLE:
            continue
    raise RefusedSignIn(Reason.KEY)
