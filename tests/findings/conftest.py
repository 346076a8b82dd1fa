"""Settings of the findings' tests."""

from hypothesis import settings

# A shared machine may be slow: no test is judged by the clock.
settings.register_profile("findings", deadline=None)
settings.load_profile("findings")
