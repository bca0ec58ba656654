"""How people arrive. Whatever the portal speaks, it ends in `service.enter`: one Person in a fresh session.

OpenID Connect is in `oidc`, LTI 1.3 beside this room (`lti`); CAS follows.
"""
