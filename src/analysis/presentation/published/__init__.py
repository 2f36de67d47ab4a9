"""What chapters show of what others published, and of what people wrote."""
