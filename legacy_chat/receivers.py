"""Keep messages with the users who wrote them: their numbers are not foreign keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from accounts import signals
from accounts.data import export
from accounts.models import User
from legacy_auth import signals as legacy_signals
from legacy_auth import users
from legacy_chat.models import ChatMessage, ChatReadMessage


@receiver(legacy_signals.number_going)
def _number_going(number: int, **_: Any) -> None:
    """Remove the text of a deleted user's messages; the rows stay, for users who answered them."""
    ChatMessage.objects.filter(sender=number).update(message="", attachments=None, removed=True)
    ChatReadMessage.objects.filter(user_id=number).delete()


@receiver(legacy_signals.numbers_merged)
def _numbers_merged(keep: int, gone: int, **_: Any) -> None:
    ChatMessage.objects.filter(sender=gone).update(sender=keep)
    read = ChatReadMessage.objects.filter(user_id=keep).values("channel")
    ChatReadMessage.objects.filter(user_id=gone, channel__in=read).delete()
    ChatReadMessage.objects.filter(user_id=gone).update(user_id=keep)


@receiver(signals.exporting)
def _export(user: User, **_: Any) -> Iterable[export.Entry]:
    written = ChatMessage.objects.filter(sender__in=users.numbers(user))
    yield export.table("serverpod_chat/messages", written, "channel", "time", "message", "removed")
