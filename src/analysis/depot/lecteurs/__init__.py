"""The readers: one a kind of file, and the corrections of what they read."""
