"""What the reference site adds of its own: one page for a browser, and signing up."""
