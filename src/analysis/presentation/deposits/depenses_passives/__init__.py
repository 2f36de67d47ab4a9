"""The passive expenditure: what a job costs and returns, in the chapter on all and in each territory."""
