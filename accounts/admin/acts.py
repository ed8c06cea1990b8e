"""What an operator does to a person: a page for each act that says what it does, asks for a reason, then does it.

The acts themselves are in operators.py. All of them are POSTs, and checked here once.
"""

from __future__ import annotations

import uuid
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

from accounts import operators
from accounts.admin.shown import device, moment
from accounts.conf import conf
from accounts.models import Token, User, normalize_email
from accounts.rights import may_change

REASON_LENGTH = 300


class ReasonForm(forms.Form):
    """Why: kept in the audit log."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text="Kept in the log of security events.",
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.prepare()

    def prepare(self) -> None:
        """Fill what depends on the person."""


class OptionalReasonForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].required = False


class DeviceForm(OptionalReasonForm):
    device = forms.ModelChoiceField(Token.objects.none(), widget=UnfoldAdminSelectWidget, empty_label=None)
    field_order = ("device", "reason")

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["device"]
        field.queryset = Token.objects.filter(user=self.person).order_by("-last_used_at")
        field.label_from_instance = lambda each: (
            f"{moment(each.last_used_at)}: {device(each.user_agent)[:80]}"
        )


class AddressForm(OptionalReasonForm):
    address = forms.ChoiceField(widget=UnfoldAdminSelectWidget)
    field_order = ("address", "reason")

    def prepare(self) -> None:
        super().prepare()
        field: Any = self.fields["address"]
        field.choices = [(each, each) for each in operators.unconfirmed(self.person)]


class MergeForm(ReasonForm):
    """Two steps: who goes is looked up and shown, then it is done."""

    other = forms.CharField(
        label="The account that goes",
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="Its e-mail address or key. What belongs to it goes to the person above.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("other", "reason", "seen")
    gone: User | None = None

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("other"):
            return given
        self.gone = _found(given["other"])
        if self.gone is None:
            self.add_error("other", "Nobody has this address or key.")
        elif given.get("seen") != str(self.gone.pk):
            self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(self.gone.pk)}
            self.add_error(None, "Look at both accounts below, then send this once more.")
        return {**given, "gone": self.gone}

    @property
    def compared(self) -> dict[str, Any] | None:
        """Both, side by side."""
        if self.gone is None:
            return None
        keep, gone = self.person, self.gone
        rows = [
            ("e-mail address", keep.email or "none", gone.email or "none"),
            ("name", keep.name or "none", gone.name or "none"),
            ("joined", moment(keep.created_at), moment(gone.created_at)),
            ("last sign-in", moment(keep.last_login), moment(gone.last_login)),
            ("devices", keep.tokens.count(), gone.tokens.count()),
            ("key", keep.pk, gone.pk),
        ]
        return {"headers": ["", "stays", "goes"], "rows": [{"cols": row} for row in rows]}


def _found(text: str) -> User | None:
    term = normalize_email(text)
    try:
        return User.objects.filter(pk=uuid.UUID(term)).first()
    except ValueError:
        return User.objects.filter(email=term).first()


Run = Callable[[HttpRequest, User, dict[str, Any]], "str | HttpResponseBase"]


def _always(person: User) -> bool:
    return True


@dataclass(frozen=True)
class Act:
    """One thing an operator can do.

    name        the end of its page's address
    says        what it does, above the form
    permission  who may, beside who may change this person at all
    run         does it; gives what to tell the operator, or a page
    applies     whether it makes sense for this person
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

    def allowed(self, request: HttpRequest, person: User) -> bool:
        return bool(request.user.has_perm(self.permission)) and may_change(request.user, person)


def _block(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    operators.block(person, request=request, **given)
    return f"{person} is blocked and signed out everywhere."


def _unblock(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    operators.unblock(person, request=request, **given)
    return f"{person} may sign in again."


def _sign_out(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    return f"Signed out on {operators.sign_out(person, request=request, **given)} devices and browsers."


def _end_device(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    operators.end_devices([given["device"]], request=request, reason=given["reason"])
    return "The device is signed out."


def _mail_password_reset(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    return f"The mail is on its way to {operators.mail_password_reset(person, request=request, **given)}."


def _confirm(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    operators.confirm_address(person, given["address"], request=request, reason=given["reason"])
    return f"{given['address']} is confirmed."


def _reset_second_factors(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    return f"{operators.reset_second_factors(person, request=request, **given)} second factors were removed."


def _delete(request: HttpRequest, person: User, given: dict[str, Any]) -> HttpResponse:
    name = str(person)
    operators.delete(person, request=request, **given)
    messages.success(request, f"{name} is deleted.")
    return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))


def _merge(request: HttpRequest, person: User, given: dict[str, Any]) -> str:
    gone = given["gone"]
    operators.merge(person, gone, request=request, reason=given["reason"])
    return f"{gone} is merged into {person}."


def _export(request: HttpRequest, person: User, given: dict[str, Any]) -> HttpResponseBase:
    pieces = operators.export_of(person, request=request, **given)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{person.pk}.zip"'
    return answer


def _impersonate(request: HttpRequest, person: User, given: dict[str, Any]) -> HttpResponse:
    issued = operators.impersonate(person, request=request, **given)
    context = {**_site(request), "title": f"Acting as {person}", "issued": issued, "person": person}
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
            "The person is signed out everywhere at once, streams and calls end, and no way in works any more.",
            CHANGE,
            _block,
            applies=lambda person: person.is_active,
            severe=True,
        ),
        Act(
            "unblock",
            "Unblock",
            "lock_open",
            "The person may sign in again, on each device anew.",
            CHANGE,
            _unblock,
            applies=lambda person: not person.is_active,
        ),
        Act(
            "sign-out",
            "Sign out everywhere",
            "logout",
            "All devices and browsers are signed out, and their streams end. The person may sign in again.",
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
            "The person gets a mail with a link to the page where a new password is set. The old one works until then.",
            CHANGE,
            _mail_password_reset,
            OptionalReasonForm,
            applies=lambda person: bool(person.email) and person.is_active,
        ),
        Act(
            "confirm",
            "Confirm an address",
            "mark_email_read",
            "The address counts as the person's, as if they had answered its mail. Make sure that it is.",
            CHANGE,
            _confirm,
            AddressForm,
            applies=lambda person: bool(operators.unconfirmed(person)),
        ),
        Act(
            "reset-second-factors",
            "Reset second factors",
            "phonelink_erase",
            "Authenticator app, recovery codes, security keys and passkeys are removed: the password alone signs in. "
            "The person is told by mail. Make sure that it is them who asks.",
            CHANGE,
            _reset_second_factors,
            severe=True,
        ),
        Act(
            "impersonate",
            "Act as this person",
            "supervisor_account",
            f"You get a token with which an app or a client works as this person for {conf.IMPERSONATION_MINUTES} "
            "minutes. It can only read, and it is shown once. The person sees it among their devices. The log of "
            "security events and the log of calls show that it was you.",
            "accounts.impersonate_user",
            _impersonate,
            applies=lambda person: person.is_active and not person.is_superuser,
        ),
        Act(
            "merge",
            "Merge with another",
            "merge",
            "Another account becomes part of this one: what belongs to it goes to this person, and it is deleted. "
            "Nothing brings it back.",
            "accounts.delete_user",
            _merge,
            MergeForm,
            applies=lambda person: person.is_active,
            severe=True,
        ),
        Act(
            "export",
            "Download all data",
            "download",
            "You get a ZIP with all that is stored of the person, their files too.",
            "accounts.export_user",
            _export,
        ),
        Act(
            "delete",
            "Delete",
            "delete",
            "The person is signed out everywhere, and deleted with all that is theirs. Nothing brings it back.",
            "accounts.delete_user",
            _delete,
            severe=True,
        ),
    ]
}


def buttons(request: HttpRequest, person: User) -> list[Act]:
    """The acts that who asks may do to this person now, less those that the page has elsewhere."""
    return [
        act
        for act in ACTS.values()
        if act.name not in ("end-device", "delete") and act.allowed(request, person) and act.applies(person)
    ]


def check(request: HttpRequest, act: Act, person: User) -> None:
    """Raises PermissionDenied."""
    if not act.allowed(request, person):
        raise PermissionDenied
