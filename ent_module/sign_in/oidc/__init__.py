"""Arriving by OpenID Connect: from Keycloak, and from any portal that has it (authorization code with PKCE).

Authlib speaks the protocol; `state` keeps what it must remember, `provider` what it must know, `logouts` hears that
the portal's session has ended. What does not belong here: what happens after the last check (`sign_in.arriving`).
"""
