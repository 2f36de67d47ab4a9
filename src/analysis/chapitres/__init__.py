"""The chapters: which there are, how one is opened, run, and checked."""
