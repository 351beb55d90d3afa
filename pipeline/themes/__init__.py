"""Themes: groups of passages that say similar things, with names that can be printed and ids that stay."""

from pipeline.themes.discovery import Found, find_themes
from pipeline.themes.past import Past

__all__ = ["Found", "Past", "find_themes"]
