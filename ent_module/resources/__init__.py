"""Sheets to read, by profile: `resources/<language>/<profile>/<slug>.md`.

Pages for lessons are elsewhere (`lessons`), and so are the numbers at the end of each sheet (`helplines`). Nothing is
kept of who reads what.
"""
