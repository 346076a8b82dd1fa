"""Flows: what joins rooms, one verb a file."""
