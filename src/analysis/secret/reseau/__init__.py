"""Linked tables, and what someone who reads them all knows of their withheld cells: no measure is named."""
