"""Comments: what customers' own words are about; counted, never scored."""
