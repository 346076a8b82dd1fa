"""The nouns of the domain: frozen dataclasses without behaviour that touches a disk, a clock or a network."""
