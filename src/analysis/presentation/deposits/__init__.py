"""What chapters show of what is computed from the deposits, and of the case types."""
