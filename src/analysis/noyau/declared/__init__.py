"""The tables that people write, and the dictionary that declares their columns: read, checked, loaded."""
