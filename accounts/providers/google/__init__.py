from accounts.providers.google.setup import Google  # noqa: F401  it registers itself
