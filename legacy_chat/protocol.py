"""The models of legacy_chat, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.database import base, fields, indexes
from podium.database.fields import Column, Key
from podium.wire.classes import WireClass, WireField, register

from .protocol_types import ChatMessageQuerySet, ChatReadMessageQuerySet

if TYPE_CHECKING:
    from legacy_auth.protocol import UserInfoPublic

    from .protocol_types import ChatMessageQ, ChatReadMessageQ

__all__ = [
    "ChatMessage",
    "ChatMessageAttachment",
    "ChatReadMessage",
]


class ChatMessage(base.Model):
    """A message in a channel."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    channel: Column[str] = fields.TextField()
    """Where it was posted."""
    message: Column[str] = fields.TextField()
    time: Column[datetime.datetime] = fields.DateTimeField()
    """When it was posted."""
    sender: Column[int] = fields.IntegerField()
    """The number of the user who posted it."""
    sender_info: UserInfoPublic | None = fields.Transient()
    removed: Column[bool] = fields.BooleanField()
    """Whether it was taken back."""
    client_message_id: int | None = fields.Transient()
    """The client's own number of it, to see that it was delivered."""
    sent: bool | None = fields.Transient()
    """Whether it was delivered."""
    attachments: Column[list[ChatMessageAttachment] | None] = fields.JSONField(
        "List<module:serverpod_chat:ChatMessageAttachment>", null=True, blank=True
    )

    objects: ClassVar[ChatMessageQuerySet] = ChatMessageQuerySet.as_manager()
    Q: ClassVar[type[ChatMessageQ]]

    class Meta:
        db_table = "serverpod_chat_message"
        indexes = [
            indexes.Index(fields=["channel"], name="serverpod_chat_message_channel_idx"),
        ]


class ChatReadMessage(base.Model):
    """How far a user has read a channel."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    channel: Column[str] = fields.TextField()
    user_id: Column[int] = fields.IntegerField(db_column="userId")
    """The number of the user."""
    last_read_message_id: Column[int] = fields.IntegerField(db_column="lastReadMessageId")

    objects: ClassVar[ChatReadMessageQuerySet] = ChatReadMessageQuerySet.as_manager()
    Q: ClassVar[type[ChatReadMessageQ]]

    class Meta:
        db_table = "serverpod_chat_read_message"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "user_id"], name="serverpod_chat_read_message_channel_user_idx"
            ),
        ]


@dataclass(kw_only=True)
class ChatMessageAttachment:
    """A picture or another file beside a message."""

    file_name: str
    url: str
    content_type: str
    preview_image: str | None = None
    """The address of a smaller picture, with its size in pixels."""
    preview_width: int | None = None
    preview_height: int | None = None


register(
    [
        WireClass(
            "serverpod_chat.ChatMessage",
            ChatMessage,
            [
                WireField("id", "id", "int?"),
                WireField("channel", "channel", "String"),
                WireField("message", "message", "String"),
                WireField("time", "time", "DateTime"),
                WireField("sender", "sender", "int"),
                WireField("senderInfo", "sender_info", "module:serverpod_auth:UserInfoPublic?"),
                WireField("removed", "removed", "bool"),
                WireField("clientMessageId", "client_message_id", "int?"),
                WireField("sent", "sent", "bool?"),
                WireField("attachments", "attachments", "List<module:serverpod_chat:ChatMessageAttachment>?"),
            ],
        ),
        WireClass(
            "serverpod_chat.ChatReadMessage",
            ChatReadMessage,
            [
                WireField("id", "id", "int?"),
                WireField("channel", "channel", "String"),
                WireField("userId", "user_id", "int"),
                WireField("lastReadMessageId", "last_read_message_id", "int"),
            ],
        ),
        WireClass(
            "serverpod_chat.ChatMessageAttachment",
            ChatMessageAttachment,
            [
                WireField("fileName", "file_name", "String"),
                WireField("url", "url", "String"),
                WireField("contentType", "content_type", "String"),
                WireField("previewImage", "preview_image", "String?"),
                WireField("previewWidth", "preview_width", "int?"),
                WireField("previewHeight", "preview_height", "int?"),
            ],
        ),
    ]
)
