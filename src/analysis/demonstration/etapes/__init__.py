"""The steps of a demonstration, each kept for as long as what it is made of is the same."""
