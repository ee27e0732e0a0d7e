"""What the tests against the running site share: the site, its databases, its people, requests at once."""
