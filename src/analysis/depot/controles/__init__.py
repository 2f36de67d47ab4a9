"""The rules: of the cells of a row, of the sheets of one deposit together."""
