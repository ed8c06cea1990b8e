"""API keys in the admin: a list, and pages that create, rotate and revoke one. A new key is shown once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.admin.display import on_one_line
from accounts.conf import conf
from accounts.keys import keys
from accounts.models import ApiKey, User
from accounts.staff import lookup
from accounts.staff.rights import may_change
from podium.admin.read_only import ReadOnly
from podium.core.errors import PodiumError


class CreateForm(forms.Form):
    owner = forms.CharField(
        max_length=254,
        widget=UnfoldAdminTextInputWidget,
        help_text="The e-mail address or key of the user as whom the program calls.",
    )
    name = forms.CharField(
        max_length=80, widget=UnfoldAdminTextInputWidget, help_text="The program that uses the key."
    )
    scopes = forms.MultipleChoiceField(
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text="What the key may do, of the scopes that the owner has. If the owner loses one, so does the key.",
    )
    days = forms.IntegerField(
        initial=keys.DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Days until the key expires. 0: never.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted({conf.SUPERUSER_SCOPE, *Group.objects.values_list("name", flat=True)})
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(name, name) for name in names]

    def clean_owner(self) -> User:
        owner = lookup.user(self.cleaned_data["owner"])
        if owner is None:
            raise forms.ValidationError("No user has this address or key.")
        return owner


class RotateForm(forms.Form):
    hours = forms.IntegerField(
        initial=keys.OVERLAP_HOURS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Hours for which the previous key still works. 0: it ends at once.",
    )
    days = forms.IntegerField(
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Days until the key expires, from now. 0: never. Empty: as before.",
    )


Run = Callable[[HttpRequest, ApiKey, dict[str, Any]], "keys.Issued | str"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page with a form. permission: needed besides the right to change the owner of the key."""

    title: str
    says: str
    permission: str
    form: type[forms.Form]
    severe: bool = False


@dataclass(frozen=True, kw_only=True)
class Act(Page):
    """An action on a key. name: the last part of its page's address. run: returns the new key, or a message."""

    name: str
    icon: str
    run: Run


def _rotate(request: HttpRequest, key: ApiKey, given: dict[str, Any]) -> keys.Issued:
    return keys.rotate(key, **given, by=_operator(request), request=request)


def _revoke(request: HttpRequest, key: ApiKey, given: dict[str, Any]) -> str:
    keys.revoke(key, by=_operator(request), request=request)
    return f"{key} is revoked."


CREATE = Page(
    title="Create an API key",
    says="A program calls with the key as its owner: the methods that are open to API keys, with the scopes that you "
    "choose.",
    permission="accounts.add_apikey",
    form=CreateForm,
)
ACTS = {
    act.name: act
    for act in [
        Act(
            name="rotate",
            title="Rotate",
            icon="autorenew",
            says="The key gets a new secret, which is shown once. Give it to the program before the previous one ends.",
            permission="accounts.change_apikey",
            form=RotateForm,
            run=_rotate,
        ),
        Act(
            name="revoke",
            title="Revoke",
            icon="key_off",
            says="The key ends at once, and so do its streams. This cannot be undone.",
            permission="accounts.delete_apikey",
            form=forms.Form,
            run=_revoke,
            severe=True,
        ),
    ]
}


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, ModelAdmin):
    """API keys: who owns each, what it may do, and when it was used."""

    list_display = ["name", "owner", "may", "state", "used", "created"]
    list_filter = ["expires_at", "revoked_at"]
    fields: ClassVar[list[str]] = [
        *("id", "name", "owner", "may", "state", "used"),
        *("created_at", "created_by", "rotated_at", "previous_until", "expires_at", "revoked_at"),
    ]
    readonly_fields = fields
    search_fields = ["name", "owner__email", "=id"]
    search_help_text = "A part of the name or the owner's e-mail address, or the whole id"
    list_select_related = ["owner"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    list_per_page = 50
    actions = ["revoke"]
    change_form_outer_before_template = "admin/accounts/apikey/actions.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(CREATE.permission))

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.delete_apikey"))

    @display(description="scopes")  # type: ignore[untyped-decorator]
    def may(self, key: ApiKey) -> str:
        return ", ".join(sorted(key.scopes)) or "none"

    @display(description="state", label={"works": "success", "ended": "danger"})  # type: ignore[untyped-decorator]
    def state(self, key: ApiKey) -> tuple[str, str]:
        return "works" if keys.works(key) else "ended", keys.state(key)

    @display(description="last used", ordering="last_used_at")  # type: ignore[untyped-decorator]
    def used(self, key: ApiKey) -> str:
        return on_one_line(key.last_used_at)

    @display(description="created", ordering="created_at")  # type: ignore[untyped-decorator]
    def created(self, key: ApiKey) -> str:
        return on_one_line(key.created_at)

    @admin.action(description="Revoke these keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        within = [each for each in chosen.select_related("owner") if may_change(request.user, each.owner)]
        count = sum(keys.revoke(each, by=_operator(request), request=request) for each in within)
        self.message_user(request, f"{count} keys are revoked")

    # The pages -----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        page = path(
            "<uuid:key>/act/<slug:name>/",
            self.admin_site.admin_view(self.act_view),
            name="accounts_apikey_act",
        )
        return [page, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        shown: ApiKey | None = kwargs.get("obj")
        if shown is not None and keys.works(shown):
            context |= {"acts": [act for act in ACTS.values() if _may(request, act, shown.owner)]}
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page that creates a key. POST shows it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CreateForm(_given(request), initial=request.GET.dict())
        back = reverse("admin:accounts_apikey_changelist")
        if request.method == "POST" and form.is_valid():
            if not _may(request, CREATE, form.cleaned_data["owner"]):
                raise PermissionDenied
            try:
                issued = keys.create(**form.cleaned_data, by=_operator(request), request=request)
            except PodiumError as refused:
                form.add_error(None, refused.message)
            else:
                return self._show(request, issued)
        return self._page(request, CREATE, form, back=back)

    def act_view(self, request: HttpRequest, key: uuid.UUID, name: str) -> HttpResponse:
        """The page of an action. GET describes it, POST performs it."""
        row, act = ApiKey.objects.select_related("owner").filter(pk=key).first(), ACTS.get(name)
        if row is None or act is None:
            raise Http404
        if not _may(request, act, row.owner):
            raise PermissionDenied
        form = act.form(_given(request))
        back = reverse("admin:accounts_apikey_change", args=[row.pk])
        if request.method == "POST" and form.is_valid():
            try:
                outcome = act.run(request, row, form.cleaned_data)
            except PodiumError as refused:
                form.add_error(None, refused.message)
            else:
                if isinstance(outcome, keys.Issued):
                    return self._show(request, outcome)
                self.message_user(request, outcome, messages.SUCCESS)
                return HttpResponseRedirect(back)
        return self._page(request, act, form, back=back, account=f"{row} of {row.owner}")

    def _page(self, request: HttpRequest, act: Page, form: forms.Form, **more: Any) -> HttpResponse:
        context = {"title": act.title, "act": act, "button": act.title, "form": form, **more}
        return self._answer(request, "admin/accounts/user/act.html", context)

    def _show(self, request: HttpRequest, issued: keys.Issued) -> HttpResponse:
        """Show a new key. The admin's pages are not cached."""
        context = {"title": f"The key for {issued.row}", "issued": issued}
        return self._answer(request, "admin/accounts/apikey/issued.html", context)

    def _answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        site = self.admin_site.each_context(request)
        return TemplateResponse(request, template, {**site, "opts": self.opts, **context})


def _may(request: HttpRequest, act: Page, owner: User) -> bool:
    return bool(request.user.has_perm(act.permission)) and may_change(request.user, owner)


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _operator(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin is for signed-in staff
    return request.user
