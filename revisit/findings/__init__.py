"""Findings: from responses and visits to figures with intervals, and to the sentences they carry. Pure functions."""
