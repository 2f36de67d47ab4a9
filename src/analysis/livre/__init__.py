"""The book: executed chapters and the register become a site and a PDF."""
