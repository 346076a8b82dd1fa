"""Reporting: figures, reports and exports are made, issued, kept and proved again."""
