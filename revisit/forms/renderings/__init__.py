"""Renderings: the same survey for other ways of asking: a call, an interview, paper."""
