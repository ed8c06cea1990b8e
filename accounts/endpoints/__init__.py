"""What clients may call about accounts. Sync methods: passwords are hashed on a thread, never on the event loop."""

from accounts.endpoints import core, idp_email, idp_social, own, own_data  # noqa: F401  the registry finds their classes
