"""The site: pages for a screen, the home page, the search, the server."""
