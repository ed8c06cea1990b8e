"""Messages of the legacy module serverpod_chat: they stay, with the users who wrote them."""

from __future__ import annotations

import json
import secrets

from tests.legacy_auth.conftest import Legacy


def writer(legacy: Legacy, channel: str) -> tuple[int, str, str]:
    """A user with a message, who has read the channel: number, address, key."""
    number = legacy.database.user(email := f"{secrets.token_hex(6)}@example.com", name="Wanda")
    legacy.database.password(number, email)
    legacy.database.run(
        """INSERT INTO serverpod_chat_message (channel, message, time, sender, removed)
        VALUES (%s, 'I like whales', now(), %s, false)""",
        *(channel, number),
    )
    legacy.database.run(
        'INSERT INTO serverpod_chat_read_message (channel, "userId", "lastReadMessageId") VALUES (%s, %s, 1)',
        *(channel, number),
    )
    return number, email, legacy.sign_in(email)


def test_messages_of_serverpod_can_be_read(legacy: Legacy) -> None:
    anna = legacy.users["anna"]
    told = legacy.call("diary.lastMessage", anna.key, channel="whales").value
    assert (told["__className__"], told["sender"], told["message"]) == (
        *("serverpod_chat.ChatMessage", anna.number),
        "Hello",
    )
    assert told["attachments"][0]["fileName"] == "a.png"


def test_a_deleted_users_messages_are_deleted(legacy: Legacy) -> None:
    channel = secrets.token_hex(6)
    number, email, _ = writer(legacy, channel)
    assert legacy.call("operator.delete", email=email).status == 200
    left = legacy.database.connection.execute(
        "SELECT message, removed, sender FROM serverpod_chat_message WHERE channel = %s", [channel]
    ).fetchall()
    assert left == [("", True, number)]
    assert (
        legacy.database.one("SELECT count(*) FROM serverpod_chat_read_message WHERE channel = %s", channel)
        == 0
    )


def test_merged_users_keep_their_messages(legacy: Legacy) -> None:
    channel = secrets.token_hex(6)
    (keep, email, key), (gone, other, _) = writer(legacy, channel), writer(legacy, channel)
    assert legacy.call("operator.merge", keep=email, gone=other).status == 200
    senders = "SELECT array_agg(DISTINCT sender) FROM serverpod_chat_message WHERE channel = %s"
    assert legacy.database.one(senders, channel) == [keep]
    readers = 'SELECT array_agg("userId") FROM serverpod_chat_read_message WHERE channel = %s'
    assert legacy.database.one(readers, channel) == [keep]
    assert legacy.call("diary.number", key).value == keep
    assert legacy.database.one("SELECT count(*) FROM serverpod_user_info WHERE id = %s", gone) == 0


def test_an_export_has_the_messages(legacy: Legacy) -> None:
    channel = secrets.token_hex(6)
    _, email, _ = writer(legacy, channel)
    exported = legacy.call("operator.export", email=email, file="serverpod_chat/messages.json").value
    assert [(each["channel"], each["message"]) for each in json.loads(exported)] == [
        (channel, "I like whales")
    ]
