"""What would have happened otherwise: who is compared with whom, frozen first, and what comes out of it."""
