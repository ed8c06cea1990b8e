"""The methods that clients may call about accounts, and the only place that lists them.

Those of a provider are in its folder: accounts/providers/<name>/endpoints.py. Sync methods: passwords are hashed on a
thread, never on the event loop.
"""

from importlib import import_module

from accounts.endpoints import (  # noqa: F401  the registry finds their classes
    account_data,
    account_second_factor,
    account_sessions,
    core,
    idp_email,
    idp_passkey,
    methods,
)
from accounts.providers import registry

ALSO_IN = registry.endpoint_modules()
"""Further modules in which podium.endpoints.registry looks for endpoints."""

for _module in ALSO_IN:
    import_module(_module)
