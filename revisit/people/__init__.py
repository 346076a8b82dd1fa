"""Who may sign in, how they prove it, what they may see, what is noted about it: rules, which flows join to a store."""
