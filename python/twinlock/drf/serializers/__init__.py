"""The fields of the requests, with the contract's names, limits and messages."""
