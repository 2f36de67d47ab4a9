"""The bilan as it stands: what is told of it, and the site that follows what is written."""
