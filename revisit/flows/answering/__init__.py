"""Answering: what customers say comes in, by the form or by a file, and is on disk before it is acknowledged."""
