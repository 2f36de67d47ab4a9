"""Invented territories and their deposits: no figure of a real one, ever."""
