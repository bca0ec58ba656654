"""What platforms and the browsers they send call: login, launch, our keys and our configuration."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from flask import Response, current_app, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WsgiResponse

from ent_module.identity.service import NoEstablishmentError
from ent_module.lti import logins
from ent_module.lti.model import Reason, RefusedLaunch
from ent_module.lti.service import KIND
from ent_module.lti.tokens import key_name
from ent_module.sign_in.addresses import tool_address
from ent_module.sign_in.arriving import arrive, greet_nobody, leave_earlier
from ent_module.sign_in.binding import bind, cookie_name
from ent_module.sign_in.keysets import KeySets
from ent_module.web import errors, hand_over
from ent_module.web.house import house
from ent_module.web.pages import render_template

log = structlog.get_logger("ent")


def login(db: Session, _person: Any) -> ResponseReturnValue:
    """Begins a login: the browser goes to the platform, and comes back with its message."""
    return _begin(db, _asked())


def again(db: Session, _person: Any) -> ResponseReturnValue:
    """Begins a login again in a tab of its own, where the frame kept no cookie.

    What is handed over is the question, not an answer: who somebody is, the platform says of whoever sits here.
    """
    asked = hand_over.take(db, request.args.get("token", ""), datetime.now(UTC))
    return _begin(db, asked) if asked is not None else _refusal(Reason.STATE)


def _begin(db: Session, asked: Mapping[str, str]) -> ResponseReturnValue:
    try:
        begun = logins.begin(db, house().settings, asked, datetime.now(UTC))
    except RefusedLaunch as refused:
        return _refusal(refused.reason)
    response = redirect(begun.redirect, 303)
    bind(response, house().settings, KIND, begun.state, begun.secret)
    return response


def launch(db: Session, _person: Any) -> ResponseReturnValue:
    """Ends a login: signs in whom the platform's message names. A refusal ends it too."""
    state = request.form.get("state", "")
    response: WsgiResponse
    try:
        response = redirect(_launched(db, state), 303)
    except logins.CookieLostError as lost:
        response = _in_a_tab(db, lost.asked)
    except RefusedLaunch as refused:
        response = _refusal(refused.reason)
    bind(response, house().settings, KIND, state, None)
    return response


def _launched(db: Session, state: str) -> str:
    now, settings = datetime.now(UTC), house().settings
    denied = "error" in request.form
    try:
        pending = logins.pop(db, state, request.cookies.get(cookie_name(settings, KIND, state)), now)
    except RefusedLaunch as refused:
        raise (RefusedLaunch(Reason.DENIED) if denied else refused) from None
    leave_earlier(db)
    if denied:
        raise RefusedLaunch(Reason.DENIED)
    arrival, path = logins.arrival(db, settings, pending, request.form.get("id_token", ""), key_sets(), now)
    try:
        arrive(db, arrival)
    except NoEstablishmentError:
        raise RefusedLaunch(Reason.ESTABLISHMENT) from None
    return path


def fetch_keys() -> None:
    """Fetches the platform's keys, where a launch will need them: only for a login that has begun here."""
    state, token = request.form.get("state", ""), request.form.get("id_token", "")
    try:
        kid = key_name(token)
    except RefusedLaunch:
        return
    with house().database.reading() as db:
        url = logins.keys_address(db, state)
    if url is not None:
        key_sets().refresh(url, kid)


def key_sets() -> KeySets:
    """The platforms' keys, as this application has fetched them."""
    kept = current_app.extensions.get("ent_lti_keys")
    if not isinstance(kept, KeySets):
        kept = KeySets(allow_local=house().settings.allow_local_portals)
        kept = current_app.extensions.setdefault("ent_lti_keys", kept)
    return kept


def _asked() -> Mapping[str, str]:
    return request.form if request.method == "POST" else request.args


def _refusal(reason: Reason) -> Response:
    """A page in the reader's language that shows nothing of what was sent; the log gets one word."""
    _note(reason)
    again = _("Ouvrir à nouveau cette page depuis le menu du portail.")
    if reason is Reason.ESTABLISHMENT:
        again = _("S’adresser à l’établissement ou à l’assistance du portail.")
    urgent = _("Si c’est urgent, parler à un adulte ou appeler le 119, jour et nuit.")
    return errors.page(errors.Refused(f"{_what(reason)} {again} {urgent}"))


def _in_a_tab(db: Session, asked: dict[str, str]) -> Response:
    """Where a frame kept no cookie, a tab of its own will. Not offered to a page that is a tab already."""
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return _refusal(Reason.COOKIE)
    _note(Reason.COOKIE)
    link = url_for("ent_lti.again", token=hand_over.give(db, asked, datetime.now(UTC)))
    return make_response(render_template("ent/web/new_tab.html", link=link), 400)


def _note(reason: Reason) -> None:
    """The log gets one word, the page nobody's name."""
    log.warning("lti refused", reason=reason.value, request_id=g.get("ent_request_id"))
    greet_nobody()


def _what(reason: Reason) -> str:
    """What happened, as far as it helps the reader."""
    known: dict[Reason, str] = {
        Reason.STATE: _("Cette ouverture est trop ancienne, ou elle a déjà servi."),
        Reason.COOKIE: _("Le navigateur n’a pas gardé la connexion."),
        Reason.DENIED: _("Le portail n’a pas donné la connexion."),
        Reason.ESTABLISHMENT: _("Le portail n’a nommé aucun établissement inscrit ici."),
    }
    return known.get(reason) or str(_("Le portail a envoyé une réponse inattendue."))


def jwks(_db: Session, _person: Any) -> ResponseReturnValue:
    """Our public keys. None yet: we send a platform no signed message, we only read its own."""
    return _for_machines(keys=[])


def config(_db: Session, _person: Any) -> ResponseReturnValue:
    """What a platform's administrator types in, in the shape that several platforms import. Holds no secret."""
    settings = house().settings
    login_url, launch_url, home = (tool_address(settings, path) for path in ("/lti/login", "/lti/launch", "/"))
    return _for_machines(
        title=settings.title,
        description=settings.title,
        target_link_uri=home,
        oidc_initiation_url=login_url,
        redirect_uris=[launch_url],
        public_jwk_url=tool_address(settings, "/lti/jwks.json"),
        scopes=[],
        claims=["sub", "name", "given_name", "family_name"],
        messages=[{"type": "LtiResourceLinkRequest", "target_link_uri": home}],
        custom_fields={"uai": "", "classes": "", "profile": ""},
        extensions=[],
    )


def _for_machines(**document: Any) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
