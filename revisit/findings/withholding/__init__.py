"""Withholding: which figures and words must not be shown, because a few people could be told from them."""
