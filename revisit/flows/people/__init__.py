"""People: who may sign in, and how they come and go."""
