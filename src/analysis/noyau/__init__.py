"""What every station stands on: paths, errors, periods, the dictionary, validation, the territories."""
