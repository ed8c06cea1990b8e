"""Old names of accounts.notices.text_messages, which may be in the environment's settings."""

from podium.core import deprecation

__getattr__ = deprecation.moved(
    __name__,
    {name: f"accounts.notices.text_messages.{name}" for name in ["NotSent", "send", "twilio"]},
    since="0.2.0",
)
