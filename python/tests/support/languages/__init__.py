"""One scripted life, played by programs in every language that share one record."""
