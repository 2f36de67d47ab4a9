"""What may be in a file or in a cell, whoever sent it: openers, columns, forms, findings, the key."""
