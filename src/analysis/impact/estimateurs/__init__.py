"""Effects on arrays: weights, synthetic controls, differences, event studies. Knows no place, no file."""
