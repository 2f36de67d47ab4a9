"""People hired by an EBE, compared with people alike who were not: read, weighted, matched, doubted."""
