"""A school's own pages: contact cards, listening group, opening hours, words of the help page, opening the channel.

Each page prepares a draft, shows it as pupils will see it, and publishes it; the start page tells what is done and what
is missing. Not here: what the settings do (the rooms that read them), how settings are kept (`establishments`), how
roles are given (`identity`). Nobody reads a pupil's message here.
"""
