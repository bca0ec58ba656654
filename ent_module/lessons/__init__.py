"""Lessons that teachers give: `lessons/<language>/<unit>/<slug>.md`, their screens, and which were given when.

Pupils see nothing of this room. Sheets to read are elsewhere (`resources`).
"""
