"""ModelAdmin and inlines whose options come from the model file. Options of a subclass override these.

Guide: docs/how-to/admin.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from unfold import admin as unfold
from unfold.widgets import (
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldForeignKeyRawIdWidget,
)

from podium.admin import columns, deletion, owners, shown
from podium.admin.forms import RowForm, TextFormField
from podium.admin.links import RowLinks
from podium.admin.paginator import COUNTED, QuickPaginator
from podium.database import fields, naming

Names = list[Any] | tuple[Any, ...]


class _Inputs:
    """The inputs of a row's form; shared by pages and inlines."""

    model: type[models.Model]
    admin_site: admin.AdminSite
    form = RowForm

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Use one line for a short text, several for a long one; Django uses several for every text."""
        if isinstance(db_field, models.TextField) and not db_field.choices:
            kwargs.setdefault("form_class", TextFormField)
        if isinstance(db_field, fields.JSONField):
            kwargs.setdefault("help_text", f"JSON: {db_field.type}")
            kwargs.setdefault("initial", _empty(db_field))
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        inner = getattr(getattr(field, "widget", None), "widget", None)
        if isinstance(inner, UnfoldForeignKeyRawIdWidget):
            field.widget = inner  # without buttons to add and change the other row, like raw_id_fields
        if field is not None and _is_one_line(db_field, field.widget):
            field.widget = UnfoldAdminTextInputWidget()
        elif field is not None and type(field.widget) is UnfoldAdminTextareaWidget:
            field.widget = UnfoldAdminExpandableTextareaWidget()  # adapts its height to the text
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Use a search for the other row, or its key if it has no page; never a list of all rows."""
        has_input = "widget" in kwargs or db_field.name in self.radio_fields  # type: ignore[attr-defined]
        if not has_input and db_field.name not in self.get_autocomplete_fields(request):
            kwargs["widget"] = UnfoldForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def get_autocomplete_fields(self, request: HttpRequest) -> Names:
        """The relations to tables whose page can be searched."""
        given: Names = super().get_autocomplete_fields(request)  # type: ignore[misc]
        if given or _sets(self, "autocomplete_fields"):
            return given
        raw: Names = self.raw_id_fields  # type: ignore[attr-defined]
        found = [each for each in columns.relations(self.model) if each.name not in raw]
        return [each.name for each in found if self._is_searchable(each.related_model, request)]

    def _is_searchable(self, model: type[models.Model], request: HttpRequest) -> bool:
        page = self.admin_site._registry.get(model)
        return page is not None and bool(page.get_search_fields(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Names:
        """The columns that can be changed, in the order of the model file, then those that can't."""
        if self.fields:  # type: ignore[attr-defined]
            return super().get_fields(request, obj)  # type: ignore[misc,no-any-return]
        fixed = self.get_readonly_fields(request, obj)
        exclude = self.get_exclude(request, obj) or ()  # type: ignore[attr-defined]
        names = [each.name for each in columns.stored(self.model) if each.name not in exclude]
        names = [name for name in names if _is_input(self.model, name, obj)]
        below = [each for each in fixed if shown.value(self.model, each) is each] if obj is not None else []
        return [*(name for name in names if name not in fixed), *below]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Names:
        """Columns that the server sets, and those without an input; each with the function that shows it."""
        names: Names = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        if not _sets(self, "readonly_fields"):
            is_written = obj is None and columns.is_given_key(self.model)
            key = self.model._meta.pk.name
            names = [name for name in columns.read_only(self.model) if not (is_written and name == key)]
        return [*names, *(each for each in self._shown(names, None) if each not in names)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Shorten large and binary values that can't be changed."""
        fixed: Names | None = self.get_readonly_fields(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            fixed = None
        given = super().get_fieldsets(request, obj)  # type: ignore[misc]
        return [
            (title, {**options, "fields": self._shown(options["fields"], fixed)}) for title, options in given
        ]

    def _shown(self, names: Iterable[Any], fixed: Iterable[Any] | None) -> list[Any]:
        """The same names, with a function for each column that has a special read-only form."""
        return [
            [*self._shown(name, fixed)]
            if isinstance(name, list | tuple)
            else shown.value(self.model, name)
            if fixed is None or name in fixed
            else name
            for name in names
        ]


class ModelAdmin(RowLinks, _Inputs, unfold.ModelAdmin):
    """The page of a table of a model file.

    icon   in the menu, a name of fonts.google.com/icons; "": one that suits the model's name
    """

    icon: str = ""
    show_full_result_count = False
    list_per_page = 50
    paginator = QuickPaginator
    warn_unsaved_form = True

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        for option, find in FOUND.items():
            if not _sets(self, option):
                setattr(self, option, find(model))

    # The list ------------------------------------------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> Names:
        """The columns, each with the function that shows it on one line, unless another option names it."""
        names: Names = super().get_list_display(request)
        named = {*self.list_editable, *(self.list_display_links or ()), *(self.sortable_by or ())}
        return shown.columns(self.model, names, named)

    def get_ordering(self, request: HttpRequest) -> Any:
        """The newest rows first, unless something else is set."""
        return super().get_ordering(request) or self.model._meta.ordering or ("-pk",)

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """Load the rows that the list's columns refer to together with the list."""
        if _sets(self, "list_select_related"):
            return super().get_list_select_related(request)
        names = self.get_list_display(request)
        return [each.name for each in columns.relations(self.model) if each.name in names]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Add the owners of the rows on this page, loaded by one query."""
        changes = super().get_changelist_instance(request)
        column = owners.key(self.model)
        if column is not None and "shown_owner" in changes.list_display:
            users = owners.shown(getattr(row, column.attname) for row in changes.result_list)
            for row in changes.result_list:
                row.admin_owner = users.get(getattr(row, column.attname))
        return changes

    @admin.display(description="owner")
    def shown_owner(self, row: Any) -> Any:
        """The user whose key is in `owner_id`, with a link; the key if no user has it."""
        column = owners.key(self.model)
        key = None if column is None else getattr(row, column.attname)
        if key is None:
            return None
        name = row.admin_owner if hasattr(row, "admin_owner") else owners.shown([key]).get(key)
        return shown.user(self.admin_site, key, name)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Search rows by their texts, by their key, and by the e-mail address of their owner."""
        term = search_term.strip()
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        if not term or _sets(self, "search_fields"):
            return found, has_duplicates
        if (key := _read(self.model._meta.pk, term)) is not None:
            found |= queryset.filter(pk=key)
        if column := owners.key(self.model):
            found |= queryset.filter(**{f"{column.name}__in": owners.users_like(term)})
        return found, has_duplicates

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse filters in the URL on columns with secrets, which could be guessed letter by letter."""
        secrets = {each.name for each in self.model._meta.concrete_fields if naming.is_secret(each)}
        return lookup.partition("__")[0] not in secrets and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        def respond() -> HttpResponse:
            answer: HttpResponse = super(ModelAdmin, self).changelist_view(request, extra_context)
            return answer

        answer = self._unless_needed(request, respond, request.get_full_path())
        changes = (getattr(answer, "context_data", None) or {}).get("cl")
        if changes is not None and getattr(changes.paginator, "is_cut", False):
            text = f"The list ends after {COUNTED:,} rows. Search or filter to see the others."
            self.message_user(request, text, messages.INFO)
        return answer

    # The form ------------------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_add_permission(request)) and columns.is_addable(self.model)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The page of a deletion, with the rows that the database deletes too, and those that prevent it."""
        shown_rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        keys = [row.pk for row in objs]
        found = deletion.of(self.model._base_manager.filter(pk__in=keys))
        for model, count in found.counts.items():
            plural = str(model._meta.verbose_name_plural)
            counts[plural] = counts.get(plural, 0) + count
            shown_rows.append(f"{capfirst(plural)}: {count}")
        missing |= found.missing_permissions(request, self.admin_site)
        return shown_rows, counts, missing, [*protected, *found.keeping]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        def respond() -> HttpResponse:
            answer: HttpResponse = super(ModelAdmin, self).delete_view(request, object_id, extra_context)
            return answer

        opts = self.model._meta
        name = f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_change"
        return self._unless_needed(request, respond, reverse(name, args=[object_id]))

    def _unless_needed(
        self, request: HttpRequest, respond: Callable[[], HttpResponse], back: str
    ) -> HttpResponse:
        """Run the action, or report that other rows prevent the deletion."""
        if request.method != "POST":
            return respond()
        try:
            with transaction.atomic():
                return respond()
        except IntegrityError as refused:
            self.message_user(request, _reason(refused), messages.ERROR)
            return HttpResponseRedirect(back)


class TabularInline(_Inputs, unfold.TabularInline):
    """The rows of another table in a page's form, one line each."""

    extra = 0
    show_change_link = True


class StackedInline(_Inputs, unfold.StackedInline):
    """The rows of another table in a page's form, one form each."""

    extra = 0
    show_change_link = True


FOUND: dict[str, Callable[[type[models.Model]], Any]] = {
    "list_display": columns.for_list,
    "list_filter": columns.for_filters,
    "search_fields": columns.for_search,
    "search_help_text": columns.search_help,
    "date_hierarchy": columns.date_hierarchy,
}
"""Options of a page from the model, unless its class sets them."""


def _sets(page: Any, option: str) -> bool:
    """Test whether a subclass of Podium's class sets an option."""
    for each in type(page).__mro__:
        if each.__module__ == __name__:
            return False
        if option in vars(each):
            return True
    return False


def _is_one_line(column: Any, widget: Any) -> bool:
    """Test whether a default input should have one line."""
    if isinstance(column, fields.UriField | fields.BigIntField):
        return type(widget) in (UnfoldAdminTextareaWidget, forms.TextInput, forms.Textarea)
    return naming.is_text(column) and not naming.is_long(column) and type(widget) is UnfoldAdminTextareaWidget


def _is_input(model: type[models.Model], name: str, obj: Any) -> bool:
    """Test whether a form has a column: a key that the database sets is shown only for a stored row."""
    key = model._meta.pk
    if obj is None and name == key.name:
        return columns.is_given_key(model)
    return True


def _empty(column: Any) -> Any:
    """The empty list, set or map as the initial value of a new row's form; None for other types."""
    if column.null or column.has_default() or not column.type.startswith(("List<", "Set<", "Map<")):
        return None
    return column.codec.decode({} if column.type.startswith("Map<String") else [])


def _read(column: Any, term: str) -> Any:
    """The value of a column that a text represents; None if it is not valid."""
    try:
        value = column.to_python(term)
        column.run_validators(value)
    except ValidationError:
        return None
    return value


def _reason(refused: IntegrityError) -> str:
    """The message to an operator about a row that could not be deleted."""
    diagnosis = getattr(refused.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", None) or "another table"
    return f"Not deleted: rows of {table} refer to this. Delete or change them first."
