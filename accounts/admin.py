"""People in the admin: who they are, where they are signed in, what they may do; block and sign out."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import rights_audit, tokens
from accounts.models import SecurityEvent, Token, User

admin.site.unregister(Group)
for each in (SocialApp, SocialToken):  # their secrets: set up by the settings, kept for the provider alone
    admin.site.unregister(each)
if admin.site.is_registered(EmailAddress):
    admin.site.unregister(EmailAddress)  # shown with its person


class EmailAddressInline(TabularInline):
    model = EmailAddress
    extra = 0


class TokenInline(TabularInline):
    """The devices a person is signed in on."""

    model = Token
    verbose_name_plural = "signed in on"
    fields = readonly_fields = ["user_agent", "created_at", "last_used_at", "expires_at"]
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _within_reach(request: HttpRequest, users: QuerySet[User]) -> QuerySet[User]:
    """The chosen people that who asks may change."""
    return users if is_superuser(request) else users.filter(is_superuser=False)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Who has an account, who is blocked, who may do what."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["email", "name", "active", "is_staff", "devices", "last_login", "created_at"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "name", "=id"]
    ordering = ["-created_at"]
    date_hierarchy = "created_at"
    readonly_fields = ["id", "last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "id"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("When", {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]
    inlines = [EmailAddressInline, TokenInline]
    actions = ["block", "unblock", "sign_out"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers are changed by superusers alone: else staff could take over their accounts."""
        if obj is not None and obj.is_superuser and not is_superuser(request):
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not is_superuser(request):
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What a person may do is given by superusers alone."""
        given = list(super().get_readonly_fields(request, obj))
        return (
            given
            if is_superuser(request)
            else [*given, "is_staff", "is_superuser", "groups", "user_permissions"]
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request)
        return people.annotate(token_count=Count("tokens"))

    @display(description="active", label={"yes": "success", "blocked": "danger"})  # type: ignore[untyped-decorator]
    def active(self, user: User) -> str:
        return "yes" if user.is_active else "blocked"

    @display(description="devices", ordering="token_count")  # type: ignore[untyped-decorator]
    def devices(self, user: Any) -> int:
        return int(user.token_count)

    @admin.action(description="Block, and sign out everywhere", permissions=["change"])
    def block(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = list(_within_reach(request, users))
        for user in chosen:  # one by one: each is signed out, and has its line in the audit log
            user.is_active = False
            user.save(update_fields=["is_active"])
        self.message_user(request, f"{len(chosen)} people are blocked")

    @admin.action(description="Unblock", permissions=["change"])
    def unblock(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = list(_within_reach(request, users))
        for user in chosen:
            user.is_active = True
            user.save(update_fields=["is_active"])
        self.message_user(request, f"{len(chosen)} people may sign in again")

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        ended = 0
        for user in _within_reach(request, users):
            ended += tokens.revoke_all(user)
            rights_audit.note("signed_out_everywhere", user)
        self.message_user(request, f"Signed out from {ended} devices")


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """The scopes: a group's name is what an endpoint's `required_scopes` asks for."""


@admin.register(Token)
class TokenAdmin(ModelAdmin):
    """Which devices are signed in; ending one here ends its streams too."""

    list_display = ["user", "user_agent", "created_at", "last_used_at", "expires_at"]
    search_fields = ["user__email", "user_agent"]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["end"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.delete_token"))

    @admin.action(description="Sign these devices out", permissions=["end"])
    def end(self, request: HttpRequest, chosen: QuerySet[Token]) -> None:
        users = [token.user for token in chosen.select_related("user")]
        ended = tokens.revoke(chosen)
        for user in users:
            rights_audit.note("device_signed_out", user)
        self.message_user(request, f"{ended} devices are signed out")


@admin.register(SecurityEvent)
class SecurityEventAdmin(ModelAdmin):
    """The audit log: who did what, from where. Nobody changes it here."""

    list_display = ["at", "event", "user", "address", "user_agent"]
    list_filter = ["event"]
    search_fields = ["user__email", "=address", "=event"]
    list_select_related = ["user"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
