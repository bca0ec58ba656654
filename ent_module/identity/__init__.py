"""Who is here: one Person whatever the portal speaks, roles and their grants, and who may use what.

How people arrive is elsewhere (`sign_in`, `lti`). No name of a pupil or a parent is ever kept.
"""
