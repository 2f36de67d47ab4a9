"""What is kept of deposits: the ledger, what may be told of it, where a person is looked for."""
