"""One module per system, all with the same Django around it.

Each has `SETTINGS` (what it adds to the common ones), `ROUTES`, `PATH` (of the second step) and
`prepare(users)`: gives each user a second factor and a challenge, and returns one request body per user.
"""
