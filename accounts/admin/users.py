"""Users in the admin: a list that stays fast, and a page with all data of a user and a button for each action."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.admin import staff_actions
from accounts.admin.display import on_one_line
from accounts.models import Session, User, normalize_email
from accounts.notices import notices
from accounts.sessions import sessions
from accounts.sign_in import ownership
from accounts.staff import actions as operators
from accounts.staff import panels
from accounts.staff.rights import may_change
from podium.admin.links import RowLinks
from podium.core.errors import PodiumError

# Secrets of providers stay on their own pages; the rest is shown on the user's page.
for each in (SocialApp, SocialToken, SocialAccount, EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(each):
        admin.site.unregister(each)


class FreeAddress:
    """A mixin for the admin forms that set an account's address: the address must be free."""

    cleaned_data: dict[str, Any]
    instance: User

    def clean_email(self) -> str | None:
        """Refuse an address that is proved in another account. Any other address that staff enter counts as proved."""
        address = normalize_email(self.cleaned_data.get("email") or "") or None
        if address and ownership.owner(address) not in (None, self.instance):
            raise ValidationError("This address belongs to another account.")
        return address


class ChangeForm(FreeAddress, UserChangeForm):
    """The form of the page that changes a user."""


class AddForm(FreeAddress, UserCreationForm):
    """The form of the page that adds a user."""


class PasswordForm(AdminPasswordChangeForm):
    """The form of the page that sets or removes a user's password. Removing it counts as a new password."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        if commit and not user.has_usable_password():
            sessions.revoke_all(user)
            notices.send(user, "password_changed")
        return user


class EmailAddressInline(TabularInline):
    """Further addresses, added and removed by staff who may change the user. An action confirms them."""

    model = EmailAddress
    fields: ClassVar[list[str]] = ["email", "primary", "verified"]
    readonly_fields: ClassVar[list[str]] = ["verified"]
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("accounts.view_user")) or self._may_change(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # otherwise, editing a confirmed row would confirm the new address

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        within = obj is None or may_change(request.user, obj)
        return bool(request.user.has_perm("accounts.change_user")) and within


@admin.register(User)
class UserAdmin(RowLinks, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts: their state and their rights."""

    form, add_form, change_password_form = ChangeForm, AddForm, PasswordForm
    list_display = ["shown_email", "name", "active", "is_staff", "devices", "last_signed_in", "joined"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "name", "=id"]
    search_help_text = "A part of the e-mail address or name, or the whole key"
    ordering = ["-created_at"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_per_page = 50
    readonly_fields = ["id", "is_active", "last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "id"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Rights in the admin, one by one", {"fields": ["user_permissions"], "classes": ["collapse"]}),
        ("When", {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]
    autocomplete_fields = ("groups",)
    filter_horizontal = ("user_permissions",)
    inlines = [EmailAddressInline]
    actions = ["block", "unblock", "sign_out"]
    change_form_outer_before_template = "admin/accounts/user/staff_actions.html"
    change_form_outer_after_template = "admin/accounts/user/panels.html"

    # Permissions ---------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only superusers change users with rights in the admin: otherwise staff could take over their accounts."""
        if obj is not None and not may_change(request.user, obj):
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not may_change(request.user, obj):
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only superusers change the rights of a user."""
        given = list(super().get_readonly_fields(request, obj))
        if getattr(request.user, "is_superuser", False):
            return given
        return [*given, "is_staff", "is_superuser", "groups", "user_permissions"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)  # users are deleted one by one, on a page that asks for a reason
        return found

    # The list ------------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found: QuerySet[User] = super().get_queryset(request)
        counted = Session.objects.filter(user=OuterRef("pk")).order_by().values("user")
        # Counted only for the rows of one page. A join would count the devices of all users.
        return found.annotate(token_count=Subquery(counted.annotate(count=Count("*")).values("count")))

    @display(description="e-mail address", ordering="email")  # type: ignore[untyped-decorator]
    def shown_email(self, user: User) -> str:
        return user.email or f"none ({str(user.pk)[-12:]})"

    @display(  # type: ignore[untyped-decorator]
        description="active", ordering="is_active", label={"yes": "success", "blocked": "danger"}
    )
    def active(self, user: User) -> str:
        return "yes" if user.is_active else "blocked"

    @display(description="devices")  # type: ignore[untyped-decorator]
    def devices(self, user: Any) -> int:
        return int(user.token_count or 0)

    @display(description="last sign-in", ordering="last_login")  # type: ignore[untyped-decorator]
    def last_signed_in(self, user: User) -> str:
        return on_one_line(user.last_login)

    @display(description="joined", ordering="created_at")  # type: ignore[untyped-decorator]
    def joined(self, user: User) -> str:
        return on_one_line(user.created_at)

    @admin.action(description="Block, and sign out everywhere", permissions=["change"])
    def block(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = self._within_reach(request, users)
        chosen = [user for user in chosen if user.pk != request.user.pk]
        for user in chosen:
            operators.block(user, request=request, reason="chosen in the list")
        self.message_user(request, f"{len(chosen)} users are blocked")

    @admin.action(description="Unblock", permissions=["change"])
    def unblock(self, request: HttpRequest, users: QuerySet[User]) -> None:
        chosen = self._within_reach(request, users)
        for user in chosen:
            operators.unblock(user, request=request, reason="chosen in the list")
        self.message_user(request, f"{len(chosen)} users may sign in again")

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        count = sum(operators.sign_out(user, request=request) for user in self._within_reach(request, users))
        self.message_user(request, f"Signed out from {count} devices and browsers")

    def _within_reach(self, request: HttpRequest, users: QuerySet[User]) -> list[User]:
        """The chosen users that the operator may change."""
        return [user for user in users if may_change(request.user, user)]

    # The page ------------------------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        shown: User | None = kwargs.get("obj")
        if shown is not None:
            context |= {"acts": staff_actions.buttons(request, shown), "panels": panels.of(request, shown)}
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the addresses, and mail every proved one about those that were added and removed."""
        user: User = form.instance
        before = User(pk=user.pk, email=form.initial.get("email") if change else user.email)
        proved, rows = notices.addresses(before), _rows(user)
        super().save_related(request, form, formsets, change)
        user = User.objects.get(pk=user.pk)
        for address in sorted(_rows(user) - rows):
            notices.send(user, "address_added", request=request, changed=address)
        gone = [*sorted(rows - _rows(user)), *(each for each in proved if each not in rows)]
        for address in (each for each in gone if each not in notices.addresses(user)):
            notices.send(user, "address_removed", also=proved, request=request, changed=address)
        if user.email and user.email != before.email:
            notices.send(
                user,
                "address_made_primary",
                also=proved,
                request=request,
                from_email=before.email or "none",
                to_email=user.email,
            )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Also write to the security event log: the names of the fields, not their values."""
        operators.record("changed_by_operator", obj, request, fields=_changed(message))
        return super().log_change(request, obj, message)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        operators.record("created_by_operator", obj, request)
        return super().log_addition(request, obj, message)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Redirect Django's delete button to the action, which asks for a reason and writes to the log."""
        return HttpResponseRedirect(reverse("admin:accounts_user_act", args=[object_id, "delete"]))

    def get_urls(self) -> list[Any]:
        page = path(
            "<uuid:key>/act/<slug:name>/",
            self.admin_site.admin_view(self.act_view),
            name="accounts_user_act",
        )
        return [page, *super().get_urls()]

    def act_view(self, request: HttpRequest, key: uuid.UUID, name: str) -> HttpResponseBase:
        """The page of an action. GET describes it and shows the user; POST performs it."""
        found, act = User.objects.filter(pk=key).first(), staff_actions.ACTS.get(name)
        if found is None or act is None:
            raise Http404
        staff_actions.check(request, act, found)
        given = request.POST if request.method == "POST" else None
        form = act.form(found, given, initial=request.GET.dict())
        back = reverse("admin:accounts_user_change", args=[found.pk])
        if request.method == "POST" and form.is_valid():
            try:
                outcome = act.run(request, found, form.cleaned_data)
            except PodiumError as refused:
                form.add_error(None, refused.message)
            else:
                if isinstance(outcome, HttpResponseBase):
                    return outcome
                self.message_user(request, outcome, messages.SUCCESS)
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": act.title,
            "opts": self.opts,
            "act": act,
            "button": act.title,
            "form": form,
            "account": found,
            "back": back,
        }
        return TemplateResponse(request, "admin/accounts/user/act.html", context)


def _rows(user: User) -> set[str]:
    return set(EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True))


def _changed(message: Any) -> list[str]:
    """The names of the changed fields, from Django's log message."""
    parts = message if isinstance(message, list) else []
    return sorted({name for part in parts for name in part.get("changed", {}).get("fields", [])})
