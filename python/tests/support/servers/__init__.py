"""Database servers of the tests' own: in a temporary folder, on a free loopback port, gone afterwards."""
