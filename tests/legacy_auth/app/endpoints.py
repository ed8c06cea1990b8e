"""The own endpoints of an app of 2023: methods for signed-in users, with the users' numbers in its tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from typing import ClassVar

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group

from accounts.data import export, merging
from accounts.models import User
from legacy_auth import bringing
from legacy_auth.users import auser_info_id, user_info_id
from legacy_chat.models import ChatMessage
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class DiaryEndpoint(Endpoint):
    require_login: ClassVar[bool] = True

    def number(self, call: Call) -> int:
        return user_info_id(call)

    def last_message(self, call: Call, channel: str) -> ChatMessage | None:
        return ChatMessage.objects.filter(channel=channel).order_by("-id").first()

    async def number_later(self, call: Call) -> int:
        return await auser_info_id(call)

    async def numbers(self, call: Call) -> AsyncIterator[int]:
        yield await auser_info_id(call)


class EditorsEndpoint(Endpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"editor"})

    async def edit(self, call: Call) -> bool:
        return True


class OperatorEndpoint(Endpoint):
    """Actions of operators and of the app's own code, by the addresses of users."""

    def give_scope(self, call: Call, email: str, scope: str) -> None:
        User.objects.get(email=email).groups.add(Group.objects.get(name=scope))

    def take_scope(self, call: Call, email: str, scope: str) -> None:
        User.objects.get(email=email).groups.remove(Group.objects.get(name=scope))

    def delete(self, call: Call, email: str) -> None:
        User.objects.get(email=email).delete()

    def merge(self, call: Call, keep: str, gone: str) -> None:
        merging.merge(User.objects.get(email=keep), User.objects.get(email=gone))

    def export(self, call: Call, email: str, file: str) -> str:
        made = b"".join(export.stream(User.objects.get(email=email)))
        return zipfile.ZipFile(io.BytesIO(made)).read(file).decode()

    def bring_over(self, call: Call) -> list[str]:
        return bringing.bring_all().lines()

    def unlink(self, call: Call, email: str, provider: str) -> None:
        SocialAccount.objects.get(user__email=email, provider=provider).delete()

    def remove_address(self, call: Call, email: str) -> None:
        EmailAddress.objects.get(email=email).delete()

    def set_password(self, call: Call, email: str, password: str) -> None:
        user = User.objects.get(email=email)
        user.set_password(password)
        user.save()

    def drop_password(self, call: Call, email: str) -> None:
        user = User.objects.get(email=email)
        user.set_unusable_password()
        user.save(update_fields=["password"])
