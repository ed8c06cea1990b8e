from accounts.providers.apple.setup import Apple  # noqa: F401  it registers itself
