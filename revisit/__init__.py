"""Revisit: after-sales satisfaction surveys and return visits, from a Markdown survey to a PDF finding."""

__version__ = "0.1.0"
