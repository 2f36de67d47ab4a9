"""What is published, attacked as a reader of all of it would: this edition, and those of before."""
