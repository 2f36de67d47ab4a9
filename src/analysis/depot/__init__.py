"""A territory's deposit: workbook, accounts and survey exports → findings, validated tables, ledger."""
