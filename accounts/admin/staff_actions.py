"""Actions of operators on a user: a page for each describes the action, asks for a reason, and then performs it.

The actions themselves are in staff/actions.py. All of them are POST requests, checked once in this module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin.display import device, moment
from accounts.conf import conf
from accounts.models import Session, User
from accounts.staff import actions, lookup
from accounts.staff.rights import may_change

REASON_LENGTH = 300


class ReasonForm(forms.Form):
    """The reason, kept in the audit log."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text="Kept in the security event log.",
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Fill the fields that depend on the user."""


class OptionalReasonForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].required = False


class DeviceForm(OptionalReasonForm):
    device = forms.ModelChoiceField(Session.objects.none(), widget=UnfoldAdminSelectWidget, empty_label=None)
    field_order = ("device", "reason")

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["device"]
        field.queryset = Session.objects.filter(user=self.user).order_by("-last_used_at")
        field.label_from_instance = lambda each: (
            f"{moment(each.last_used_at)}: {device(each.user_agent)[:80]}"
        )


class AddressForm(OptionalReasonForm):
    address = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    field_order = ("address", "reason")

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["address"]
        field.choices = [(each, each) for each in actions.unconfirmed(self.user)]


class MergeForm(ReasonForm):
    """Two steps: look up and show the account that will be deleted, then merge."""

    other = forms.CharField(
        label="Account to delete",
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="Its e-mail address or key. Its data moves to the user above.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("other", "reason", "seen")
    gone: User | None = None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("other"):
            return given
        self.gone = lookup.user(given["other"])
        if self.gone is None:
            self.add_error("other", "No user has this address or key.")
        elif given.get("seen") != str(self.gone.pk):
            self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(self.gone.pk)}
            self.add_error(None, "Compare both accounts below, then submit again.")
        return {**given, "gone": self.gone}

    @property
    def compared(self) -> dict[str, Any] | None:
        """Both accounts, side by side."""
        if self.gone is None:
            return None
        keep, gone = self.user, self.gone
        rows = [
            ("e-mail address", keep.email or "none", gone.email or "none"),
            ("name", keep.name or "none", gone.name or "none"),
            ("joined", moment(keep.created_at), moment(gone.created_at)),
            ("last sign-in", moment(keep.last_login), moment(gone.last_login)),
            ("devices", keep.sessions.count(), gone.sessions.count()),
            ("key", keep.pk, gone.pk),
        ]
        return {"headers": ["", "stays", "goes"], "rows": [{"cols": row} for row in rows]}


Run = Callable[[HttpRequest, User, dict[str, Any]], "str | HttpResponseBase"]


def _always(user: User) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """An action of operators.

    name        the last part of its page's address
    says        description above the form
    permission  permission needed, besides the right to change this user at all
    run         performs it; returns the message for the operator, or a page
    applies     tests whether the action makes sense for this user
    """

    name: str
    title: str
    icon: str
    says: str
    permission: str
    run: Run
    form: type[ReasonForm] = ReasonForm
    applies: Callable[[User], bool] = _always
    severe: bool = False

    def allowed(self, request: HttpRequest, user: User) -> bool:
        return bool(request.user.has_perm(self.permission)) and may_change(request.user, user)


def _block(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    actions.block(user, request=request, **given)
    return f"{user} is blocked and signed out everywhere."


def _unblock(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    actions.unblock(user, request=request, **given)
    return f"{user} may sign in again."


def _sign_out(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    return f"Signed out from {actions.sign_out(user, request=request, **given)} devices and browsers."


def _end_device(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    actions.end_devices([given["device"]], request=request, reason=given["reason"])
    return "The device is signed out."


def _mail_password_reset(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    return f"The mail is on its way to {actions.mail_password_reset(user, request=request, **given)}."


def _confirm(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    actions.confirm_address(user, given["address"], request=request, reason=given["reason"])
    return f"{given['address']} is confirmed."


def _reset_second_factors(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    return f"{actions.reset_second_factors(user, request=request, **given)} second factors were removed."


def _delete(request: HttpRequest, user: User, given: dict[str, Any]) -> HttpResponse:
    name = str(user)
    actions.delete(user, request=request, **given)
    messages.success(request, f"{name} is deleted.")
    return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))


def _merge(request: HttpRequest, user: User, given: dict[str, Any]) -> str:
    gone = given["gone"]
    actions.merge(user, gone, request=request, reason=given["reason"])
    return f"{gone} is merged into {user}."


def _export(request: HttpRequest, user: User, given: dict[str, Any]) -> HttpResponseBase:
    pieces = actions.export_of(user, request=request, **given)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{user.pk}.zip"'
    return answer


def _impersonate(request: HttpRequest, user: User, given: dict[str, Any]) -> HttpResponse:
    issued = actions.impersonate(user, request=request, **given)
    context = {**_site(request), "title": f"Acting as {user}", "issued": issued, "account": user}
    return TemplateResponse(
        request, "admin/accounts/user/impersonation.html", context
    )  # the admin caches nothing


def _site(request: HttpRequest) -> dict[str, Any]:
    return admin.site.each_context(request)


CHANGE = "accounts.change_user"
ACTS: dict[str, Act] = {
    act.name: act
    for act in [
        Act(
            "block",
            "Block",
            "block",
            "The user is signed out everywhere at once, streams and calls end, and no sign-in method works any more.",
            CHANGE,
            _block,
            applies=lambda user: user.is_active,
            severe=True,
        ),
        Act(
            "unblock",
            "Unblock",
            "lock_open",
            "The user may sign in again, separately on each device.",
            CHANGE,
            _unblock,
            applies=lambda user: not user.is_active,
        ),
        Act(
            "sign-out",
            "Sign out everywhere",
            "logout",
            "All devices and browsers are signed out, and their streams end. The user may sign in again.",
            CHANGE,
            _sign_out,
            OptionalReasonForm,
        ),
        Act(
            "end-device",
            "Sign a device out",
            "phonelink_off",
            "One device is signed out, and its streams end.",
            CHANGE,
            _end_device,
            DeviceForm,
        ),
        Act(
            "password-reset",
            "Mail a password reset",
            "password",
            "The user gets a mail with a link to set a new password. The old password works until then.",
            CHANGE,
            _mail_password_reset,
            OptionalReasonForm,
            applies=lambda user: bool(user.email) and user.is_active,
        ),
        Act(
            "confirm",
            "Confirm an address",
            "mark_email_read",
            "The address counts as confirmed, as if the user had followed the mailed link. Verify that it is theirs.",
            CHANGE,
            _confirm,
            AddressForm,
            applies=lambda user: bool(actions.unconfirmed(user)),
        ),
        Act(
            "reset-second-factors",
            "Reset second factors",
            "phonelink_erase",
            "Authenticator app, recovery codes, security keys and passkeys are removed: the password alone signs in. "
            "The user is notified by mail. Verify first that the request comes from the user.",
            CHANGE,
            _reset_second_factors,
            severe=True,
        ),
        Act(
            "impersonate",
            "Act as this user",
            "supervisor_account",
            f"You get a token that lets an app or another client act as this user for {conf.IMPERSONATION_MINUTES} "
            "minutes. It can only read, and it is shown once. The user sees it among their devices. The security "
            "event log and the call log show that it was you.",
            "accounts.impersonate_user",
            _impersonate,
            applies=lambda user: user.is_active and not user.is_superuser,
        ),
        Act(
            "merge",
            "Merge with another",
            "merge",
            "Another account becomes part of this one: its data moves to this user, and it is deleted. "
            "This cannot be undone.",
            "accounts.delete_user",
            _merge,
            MergeForm,
            applies=lambda user: user.is_active,
            severe=True,
        ),
        Act(
            "export",
            "Download all data",
            "download",
            "You get a ZIP with all stored data of the user, including files.",
            "accounts.export_user",
            _export,
        ),
        Act(
            "delete",
            "Delete",
            "delete",
            "The user is signed out everywhere, and deleted with all their data. This cannot be undone.",
            "accounts.delete_user",
            _delete,
            severe=True,
        ),
    ]
}


def buttons(request: HttpRequest, user: User) -> list[Act]:
    """The actions that the operator may perform on this user now, except those shown elsewhere on the page."""
    return [
        act
        for act in ACTS.values()
        if act.name not in ("end-device", "delete") and act.allowed(request, user) and act.applies(user)
    ]


def check(request: HttpRequest, act: Act, user: User) -> None:
    """Check the permission. Raises PermissionDenied."""
    if not act.allowed(request, user):
        raise PermissionDenied
