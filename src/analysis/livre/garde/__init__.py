"""What is looked at before an edition leaves: every text of every file, wherever it hides."""
