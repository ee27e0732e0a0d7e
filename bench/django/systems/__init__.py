"""One module per system, all with the same Django around it.

Each has `SETTINGS` (what it adds to the common ones), `routes`, `PATH` (of the second step), `CODE` (the
field for the code) and `prepare(users)`: it gives each user a second factor and a challenge, and returns for
each the secret and the request body without the code.
"""
