"""Visiting: repair orders become visits, visits get links and letters, and staff work them off."""
