"""The endpoints: `totp` of a signed-in user, `recovery` of one without the authenticator, `jwt` of tokens."""
