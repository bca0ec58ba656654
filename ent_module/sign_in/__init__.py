"""How people arrive. Whatever the portal speaks, it ends in `service.enter`: one Person in a fresh session.

LTI 1.3 is beside it (`lti`); OIDC and CAS follow.
"""
