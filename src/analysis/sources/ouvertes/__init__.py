"""Open data: what each source is, whether it is there, and its series as panels of places by year."""
