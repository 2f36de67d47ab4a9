"""What a job costs and returns, payer by payer: legislation, payers, scenarios."""
