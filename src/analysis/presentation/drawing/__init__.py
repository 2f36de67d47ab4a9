"""Drawings: what charts are made of, and each kind of chart; no chapter is known here."""
