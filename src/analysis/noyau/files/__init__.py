"""What work in folders asks for: one process at a time, whole or not at all, the commit it starts from."""
