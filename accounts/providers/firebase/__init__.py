from accounts.providers.firebase.setup import Firebase  # noqa: F401  it registers itself
