"""What is printed: the book, the booklets, the two pages, set by Typst."""
