"""The accounts of an invented EBE: its exercices, their entries, the file that it sends."""
