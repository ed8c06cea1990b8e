from accounts.providers.oidc.setup import OpenIDConnect  # noqa: F401  it registers itself
