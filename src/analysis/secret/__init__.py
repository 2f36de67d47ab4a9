"""The gate: what may be published, and the record of each decision."""
