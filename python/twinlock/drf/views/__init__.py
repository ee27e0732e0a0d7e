"""The endpoints: of a signed-in user (`totp`), of one who lost the authenticator (`recovery`), and of tokens (`jwt`)."""
