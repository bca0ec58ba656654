"""The languages of pages and content: French is what the code says and what every text exists in."""

LANGUAGES = {"fr": "Français", "en": "English", "ar": "العربية"}
"""Code → its own name; French comes first."""
SOURCE = "fr"
RIGHT_TO_LEFT = frozenset({"ar"})
