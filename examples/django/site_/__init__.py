"""The reference site: a Django project that signs people in with a password and a second factor."""
