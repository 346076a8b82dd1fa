"""Sample data: made-up orders and answers for the demo, the same for the same seed and day."""

SEED = 20
