"""Podium's settings with the endpoints that benchmarks/calls.py measures. For the benchmark's server only."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, REDIS_URL

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]

# The readers of benchmarks/streams.py send nothing, count bytes, and are all one user at one address.
REALTIME_SOCKETS_PER_USER = REALTIME_SOCKETS_PER_ADDRESS = 100_000
REALTIME_PING_SECONDS = REALTIME_IDLE_SECONDS = 3600.0

# For a peer in benchmarks/streams.py; Podium itself has no channel layer.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
