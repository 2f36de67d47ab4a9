"""What is shown of a batch while it runs, and told of it afterwards."""
