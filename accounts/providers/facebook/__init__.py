from accounts.providers.facebook.setup import Facebook  # noqa: F401  it registers itself
