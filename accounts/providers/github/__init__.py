from accounts.providers.github.setup import GitHub  # noqa: F401  it registers itself
