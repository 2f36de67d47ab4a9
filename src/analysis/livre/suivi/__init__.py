"""What is told of the bilan as it stands."""
