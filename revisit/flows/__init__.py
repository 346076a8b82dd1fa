"""Flows: what joins rooms, one verb a file, in rooms by what they bring about."""
