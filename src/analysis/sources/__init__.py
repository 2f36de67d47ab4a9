"""Published figures and local series, each with its card: the border « public source → validated »."""
