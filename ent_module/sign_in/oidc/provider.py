"""What a portal says of itself (its discovery document and keys), and Authlib's client made of it.

Every call is a guarded one (`sign_in.fetching`). RS256 alone is accepted, whatever the portal offers.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from authlib.integrations.flask_client import FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app

from ent_module.sign_in.addresses import AddressError, check_platform_address
from ent_module.sign_in.asking import Answers, Clock
from ent_module.sign_in.fetching import FetchError, fetch_json, guard
from ent_module.sign_in.keysets import KeySets
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn
from ent_module.sign_in.oidc.portals import OidcPortal
from ent_module.sign_in.oidc.state import OurState
from ent_module.sign_in.oidc.tokens import key_name
from ent_module.web.house import house

LEEWAY = 60
"""Seconds by which a portal's clock may differ from ours."""
_WANTED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WELCOME = ("end_session_endpoint",)


class Providers:
    """What one application knows of its portals. `clock` gives seconds; `fetch` raises FetchError."""

    def __init__(
        self, *, allow_local: bool, clock: Clock = time.monotonic, fetch: Callable[..., Any] = fetch_json
    ) -> None:
        self.allow_local = allow_local
        self.keys = KeySets(allow_local=allow_local, clock=clock, fetch=fetch)
        self._fetch = fetch
        self._described = Answers(self._ask, clock)

    def described(self, issuer: str) -> dict[str, Any]:
        """What the issuer says of itself, asked once an hour. Raises FetchError."""
        return self._described.asked(issuer)

    def _ask(self, issuer: str) -> dict[str, Any]:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        return self._checked(self._fetch(address, allow_local=self.allow_local), issuer)

    def _checked(self, document: Any, issuer: str) -> dict[str, Any]:
        """The few addresses that are used. The issuer must name itself as it was registered (OIDC Discovery 4.3)."""
        if not isinstance(document, Mapping) or document.get("issuer") != issuer:
            raise FetchError("issuer")
        kept = {name: document[name] for name in (*_WANTED, *_WELCOME) if isinstance(document.get(name), str)}
        if not set(_WANTED) <= kept.keys():
            raise FetchError("content")
        try:
            for address in kept.values():
                check_platform_address(address, allow_local=self.allow_local)
        except AddressError:
            raise FetchError("address") from None
        return kept


class Client(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client of one portal, for one request."""

    def __init__(self, portal: OidcPortal, described: Mapping[str, Any], providers: Providers, state: OurState) -> None:
        super().__init__(
            state,
            state.name,
            client_id=portal.client_id,
            client_secret=portal.secret,
            client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
            id_token_signing_alg_values_supported=["RS256"],
            issuer=portal.issuer,
            **described,
        )
        self._providers = providers
        self.client_cls = self._session

    def _session(self, **options: Any) -> OAuth2Session:
        return guard(OAuth2Session(**options), allow_local=self._providers.allow_local)

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002  # Authlib's name
        """The keys under the name that the present token gives; none where the portal has no such key."""
        found: dict[str, Any] = self.server_metadata["jwks"]
        return found

    def parse_id_token(self, token: dict[str, Any], nonce: str, **_options: Any) -> dict[str, Any]:
        """The claims of the ID token, with all that makes it ours. Raises Authlib's errors, and ours."""
        uri, kid = self.server_metadata["jwks_uri"], key_name(token.get("id_token"))
        self._providers.keys.refresh(uri, kid)
        known = self._providers.keys.known(uri, kid)
        if not known:
            raise RefusedSignIn(Reason.KEY)
        self.server_metadata["jwks"] = {"keys": [{**key.as_dict(private=False), "kid": kid} for key in known]}
        wanted = {"iss": self.server_metadata["issuer"], "aud": self.client_id, "nonce": nonce}
        options = {name: {"essential": True, "value": value} for name, value in wanted.items()}
        claims = super().parse_id_token(token, nonce, claims_options=options, leeway=LEEWAY)
        return dict(claims)


def providers() -> Providers:
    """The portals, as this application has come to know them."""
    kept = current_app.extensions.get("ent_oidc")
    if not isinstance(kept, Providers):
        made = Providers(allow_local=house().settings.allow_local_portals)
        kept = current_app.extensions.setdefault("ent_oidc", made)
    return kept
