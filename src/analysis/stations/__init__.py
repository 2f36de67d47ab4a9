"""What was made of what: each product of the flow with the fingerprints of all that went into it."""
