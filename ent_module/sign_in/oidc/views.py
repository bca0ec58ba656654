"""What browsers and portals call: the way out to the portal, the way back, signing out, and the portal's own word."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from authlib.common.errors import AuthlibBaseError
from flask import Response, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from ent_module.identity.service import NoEstablishmentError
from ent_module.sign_in.arriving import arrive, leave_earlier
from ent_module.sign_in.binding import bind, cookie_name
from ent_module.sign_in.fetching import FetchError
from ent_module.sign_in.oidc import logouts, portals, state
from ent_module.sign_in.oidc.model import Reason, RefusedSignIn, arrival_of
from ent_module.sign_in.oidc.portals import KIND, OidcPortal
from ent_module.sign_in.oidc.provider import Client, providers
from ent_module.sign_in.oidc.sentences import note, refusal
from ent_module.sign_in.oidc.tokens import key_name, verified_claims
from ent_module.web import sessions
from ent_module.web.house import house
from ent_module.web.pages import render_template
from ent_module.web.safe_paths import own_path
from ent_module.web.urls import web_session

_LONGEST = 1000
"""Characters of the page to come back to; every way in has a shorter one."""
_UNUSABLE = (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def ask_portal() -> None:
    """Asks the portal where its people sign in, before any lock of the database."""
    portal = _portal()
    try:
        g.ent_oidc = portal, providers().described(portal.issuer)
    except FetchError:
        g.ent_oidc = portal, None


def start(db: Session, _person: Any, portal_id: UUID) -> ResponseReturnValue:
    """The way out: the browser goes to the portal, and comes back to `callback`."""
    portal, described = g.ent_oidc
    if described is None:
        return refusal(Reason.UNREACHABLE)
    settings, ours = house().settings, state.OurState(str(portal_id))
    client = Client(portal, described, providers(), ours)
    response = client.authorize_redirect(portals.address(settings, portal_id, "/callback"))
    begun = parse_qs(urlsplit(response.location).query)["state"][0]
    kept = ours.known[begun] | {"to": own_path(request.args.get("to", "")[:_LONGEST], settings.home_path)}
    bind(response, settings, KIND, begun, state.keep(db, portal_id, begun, kept, datetime.now(UTC)))
    return make_response(response)


def finish() -> None:
    """Ends the sign-in that this browser began, and exchanges the portal's code, before any lock of the database."""
    portal, given = _portal(), request.args.get("state", "")
    try:
        kept = _popped(portal, given)
        g.ent_oidc = Reason.DENIED if "error" in request.args else (*_exchanged(portal, given, kept), kept)
    except RefusedSignIn as refused:
        g.ent_oidc = refused.reason


def _popped(portal: OidcPortal, given: str) -> dict[str, Any]:
    ours = house()
    secret = request.cookies.get(cookie_name(ours.settings, KIND, given))
    with ours.database.writing() as db:
        try:
            return state.pop(db, portal.id, given, secret, datetime.now(UTC))
        except RefusedSignIn as refused:
            reason = refused.reason
    raise RefusedSignIn(Reason.DENIED if "error" in request.args else reason)


def _exchanged(portal: OidcPortal, given: str, kept: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Authlib makes of the code: the claims, and what signing out will need."""
    try:
        described = providers().described(portal.issuer)
        client = Client(portal, described, providers(), state.OurState(str(portal.id), {given: kept}))
        token = client.authorize_access_token()
        claims: dict[str, Any] = token["userinfo"]
    except (FetchError, RequestException):
        raise RefusedSignIn(Reason.UNREACHABLE) from None
    except _UNUSABLE:
        raise RefusedSignIn(Reason.TOKEN) from None
    out = {"end": described.get("end_session_endpoint"), "hint": token["id_token"]}
    return claims, out


def callback(db: Session, _person: Any, portal_id: UUID) -> ResponseReturnValue:
    """The way back: signs in whom the portal's token names. A refusal ends the sign-in too."""
    try:
        response = _arrived(db, portal_id)
    except RefusedSignIn as refused:
        response = refusal(refused.reason)
    bind(response, house().settings, KIND, request.args.get("state", ""), None)
    return response


def _arrived(db: Session, portal_id: UUID) -> Response:
    if isinstance(g.ent_oidc, Reason):
        raise RefusedSignIn(g.ent_oidc)
    claims, out, kept = g.ent_oidc
    leave_earlier(db)
    try:
        arrive(db, arrival_of(portal_id, claims))
    except NoEstablishmentError:
        raise RefusedSignIn(Reason.ESTABLISHMENT) from None
    session = web_session()
    assert session is not None  # noqa: S101  # `arrive` has just made it
    session["oidc"] = out
    sessions.save(db, session, house().settings)
    logouts.follow(db, house().keys, session, portal_id, claims)
    return make_response(redirect(kept["to"], 303))


def sign_out(_db: Session, _person: Any) -> ResponseReturnValue:
    """Ends our session, then the portal's where it was by the portal that one came.

    Our policy lets no form lead to another site, so a page of ours leads on.
    """
    session = web_session()
    if session is None:
        return redirect(url_for("ent_home.home"), 303)
    out = session.get("oidc") or {}
    session.end()
    g.ent_person = None
    if not out.get("end"):
        return redirect(url_for("ent_home.home"), 303)
    there = _end_address(out["end"], out["hint"])
    response = make_response(render_template("ent/sign_in/signed_out.html", there=there))
    response.headers["Refresh"] = f"0; url={there}"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _end_address(end: str, hint: str) -> str:
    """The portal's page that ends its session and leads back to our neutral one (RP-Initiated Logout 1.0)."""
    settings = house().settings
    back = f"{settings.public_url.rstrip('/')}{url_for('ent_home.home')}"
    client = Client(OidcPortal(UUID(int=0), "", "", ""), {"end_session_endpoint": end}, providers(), state.OurState(""))
    return str(client.create_logout_url(post_logout_redirect_uri=back, id_token_hint=hint)["url"])


def fetch_logout_key() -> None:
    """Fetches the key of a logout token, where it is a portal of ours that is spoken for."""
    portal = _portal()
    try:
        g.ent_oidc = portal, providers().described(portal.issuer)["jwks_uri"]
        providers().keys.refresh(g.ent_oidc[1], key_name(request.form.get("logout_token")))
    except (FetchError, RefusedSignIn):
        g.ent_oidc = portal, ""


def back_channel(db: Session, _person: Any, portal_id: UUID) -> ResponseReturnValue:
    """The portal says that a session has ended: so do ours that came from it."""
    portal, jwks_uri = g.ent_oidc
    token = request.form.get("logout_token", "")
    try:
        claims = verified_claims(token, providers().keys.known(jwks_uri, key_name(token)))
        ended = logouts.ended_by(claims, portal, datetime.now(UTC))
        logouts.end(db, house().keys, portal_id, ended)
    except RefusedSignIn as refused:
        note(refused.reason)
        return jsonify(error="invalid_request"), 400
    return make_response("", 200)


def _portal() -> OidcPortal:
    """The portal of the present address. Raises NotFound."""
    ours, portal_id = house(), (request.view_args or {})["portal_id"]
    with ours.database.reading() as db:
        found = portals.portal(db, ours.keys, portal_id)
    if found is None:
        raise NotFound
    return found
