"""Which visit is due and how it is asked."""
