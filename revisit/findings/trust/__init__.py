"""Trust: answers that were given carelessly, twice or by somebody else; counted, never deleted."""
