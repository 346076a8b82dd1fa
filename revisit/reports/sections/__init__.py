"""Sections: what stands on the pages of a report, each with the data its template prints."""
