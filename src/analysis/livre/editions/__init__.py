"""The editions: sealed, recorded in git, compared."""
