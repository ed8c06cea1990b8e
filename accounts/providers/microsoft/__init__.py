from accounts.providers.microsoft.setup import Microsoft  # noqa: F401  it registers itself
