"""Anonymous surveys: a class is asked, each pupil answers once, and at closing only what may be shown remains.

Ballots are sealed in browsers and opened in memory after the end (`service`); that somebody took a token and what a
ballot holds stand in two tables that nothing joins. `docs/ballots.md` says how, and what is not covered.

What does not belong here: asking for help (`help`), what may be shown of a table (`privacy.disclosure`), results by
class, free text.
"""
