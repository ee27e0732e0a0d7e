"""The parts of the demo: a client of the API and what it prints."""
