"""Comparing: units, months and groups of customers beside one another, and marks only where a test allows one."""
