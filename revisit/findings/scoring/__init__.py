"""Scoring: what a survey calls a figure, each with n and interval: scores, shares, rates, and how they change."""
