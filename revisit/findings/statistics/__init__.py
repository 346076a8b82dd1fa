"""Statistics: intervals, tests and models as formulas over numbers; nothing here knows of customers or visits."""
