"""Keeping: an installation is begun, looked after, copied, moved and told from a sick one."""
