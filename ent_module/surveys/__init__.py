"""Anonymous surveys: a class is asked, each pupil answers once, and at closing only what may be shown remains.

Three verbs (`service`): open, submit, close. That someone answered and what was answered stand in two tables that no
column joins. What this version does not hold: until the closing, whoever administers the database and watches it can
see both rows arrive together (PostgreSQL even keeps the number of their transaction, SQLite the order of its log), and
backups made before the closing keep them. Sealed ballots are to replace it behind the same three verbs.

What does not belong here: asking for help (`help`), what may be shown of a table (`privacy.disclosure`), results by
class, free text.
"""
