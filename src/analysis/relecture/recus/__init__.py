"""What comes back from reviewers: Word documents and exports, opened without trusting them."""
