"""What clients may call about accounts. Sync methods: passwords are hashed on a thread, never on the event loop."""

from accounts.endpoints import (  # noqa: F401  the registry finds their classes
    core,
    idp_email,
    idp_passkey,
    idp_social,
    own,
    own_data,
    own_second_factor,
)
