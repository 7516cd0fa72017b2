"""Puts every page of the admin under directory/moderation/policy, whoever wrote the class.

The site (mediation/admin_site.py) wraps each class it is given, so that none is left out.
"""

from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from directory.admin import deletion
from directory.admin.autocomplete import ReadableChoices, is_key
from directory.admin.known_rows import KnownAutocomplete, KnownAutocompleteMultiple
from directory.moderation import policy
from directory.moderation.policy import Action

NEEDED = {
    "add": Action.ADD,
    "change": Action.CHANGE,
    "delete": Action.DELETE,
    "export": Action.EXPORT,
    "import": Action.IMPORT,
    "view": Action.VIEW,
}
"""What an action's `permissions=[…]` may name."""


@cache
def under_policy(own: type, mixin: type) -> type:
    """Return a class with `mixin` in front, unless it is already inside."""
    return own if issubclass(own, mixin) else type(own.__name__, (mixin, own), {})


class KeepsCurrent:
    """A form that offers what a person may attach, and what is attached already.

    Without the second, saving a record run by an organisation of elsewhere would detach it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance  # type: ignore[attr-defined]
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            if instance.pk and getattr(field, "is_limited", False):
                held = instance._meta.get_field(name).value_from_object(instance)
                keys = [one.pk for one in held] if isinstance(held, list) else [held]
                rows = field.queryset
                field.queryset = rows.model._default_manager.filter(
                    Q(pk__in=rows.values("pk")) | Q(pk__in=[key for key in keys if key is not None])
                )


class LimitedChoices(admin.options.BaseModelAdmin):
    """Offers in related fields only what a person may attach."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.form = under_policy(self.form, KeepsCurrent)
        super().__init__(*args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Limit the choices of a foreign key."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocomplete(db_field, self.admin_site))
        return _limited(super().formfield_for_foreignkey(db_field, request, **kwargs), request)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Limit the choices of a many-to-many field."""
        kwargs["form_class"] = ReadableChoices
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownAutocompleteMultiple(db_field, self.admin_site))
        return _limited(super().formfield_for_manytomany(db_field, request, **kwargs), request)


def _limited(field: Any, request: HttpRequest) -> Any:
    if isinstance(field, ModelChoiceField) and not policy.is_national(request.user):
        rows: Any = field.queryset
        allowed = policy.choices(request.user, rows.model)
        field.queryset = rows.filter(pk__in=allowed.values("pk"))
        field.is_limited = True  # type: ignore[attr-defined]
    return field


class PolicyInline(LimitedChoices, admin.options.InlineModelAdmin):
    """Rows of a record: they follow the record."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the record."""
        return _may(request, Action.VIEW, obj or self.parent_model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the record."""
        return _may(request, Action.CHANGE, obj or self.parent_model) and _may(
            request, Action.CHANGE, self._written
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the record."""
        first = Action.CHANGE if obj else Action.ADD
        return _may(request, first, obj or self.parent_model) and _may(
            request, Action.ADD, self._written
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Follow the record."""
        return _may(request, Action.CHANGE, obj or self.parent_model) and _may(
            request, Action.DELETE, self._written
        )

    @property
    def _written(self) -> type[Model]:
        """What a rule speaks of: the table between two models has none, and follows its record."""
        model = self.opts.model
        return self.parent_model if model._meta.auto_created else model


class PolicyAdmin(LimitedChoices, admin.ModelAdmin):
    """Lists, forms, actions, deletions and histories as the policy allows."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the rows that this person may see."""
        rows = policy.scope(request.user, self.model)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Refuse to pick records by what names them: it may be of elsewhere."""
        name = lookup.partition("__")[0]
        named_by = {one.name for one in self.opts.related_objects}
        if name in named_by and not policy.is_national(request.user):
            return False
        return super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the model on the front page to who may see some of its rows."""
        return _may(request, Action.VIEW, self.model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy."""
        return _may(request, Action.VIEW, obj or self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask the policy."""
        return _may(request, Action.ADD, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy."""
        return _may(request, Action.CHANGE, obj or self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy."""
        return _may(request, Action.DELETE, obj or self.model)

    def has_export_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy; for actions that declare `permissions=["export"]`."""
        return _may(request, Action.EXPORT, obj or self.model)

    def has_import_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the policy; for actions that declare `permissions=["import"]`."""
        return _may(request, Action.IMPORT, obj or self.model)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Put inlines under the policy too."""
        return [under_policy(one, PolicyInline) for one in super().get_inlines(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add what an organisation reads and does not change."""
        reserved = policy.reserved_fields(request.user, self.model, adding=obj is None)
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, *sorted(reserved - set(own)))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Leave out fields that are only read."""
        read = set(self.get_readonly_fields(request, obj))
        fields = super().get_prepopulated_fields(request, obj)
        return {name: sources for name, sources in fields.items() if name not in read}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer an action that declares no permission only to who may change rows."""
        writes = self.has_change_permission(request)
        actions: dict[str, Any] = super().get_actions(request)
        return {
            name: action
            for name, action in actions.items()
            if writes or getattr(action[0], "allowed_permissions", None)
        }

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: QuerySet
    ) -> HttpResponse | None:
        """Run an action on the rows it may touch: some that are seen are not to be changed."""
        sent = request.POST.copy()
        keys = [key for key in sent.getlist(ACTION_CHECKBOX_NAME) if is_key(self.opts.pk, key)]
        sent.setlist(ACTION_CHECKBOX_NAME, keys)
        request.POST = sent  # type: ignore[assignment]
        deletes = chosen_action(request) == "delete_selected"
        across = request.POST.get("select_across") == "1"
        if deletes and across and queryset.count() > deletion.ROWS_MAX:
            self.message_user(request, deletion.too_many(), messages.ERROR)
            return None
        if not policy.is_national(request.user):
            chosen: Any = self.get_actions(request).get(chosen_action(request))
            needed = getattr(chosen and chosen[0], "allowed_permissions", ("change",))
            for name in needed:
                allowed = policy.scope(request.user, self.model, NEEDED[name])
                queryset = queryset.filter(pk__in=allowed.values("pk"))
        return super().response_action(request, queryset)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Refuse what no page offers: a record of elsewhere, a reserved field."""
        reserved = policy.reserved_fields(request.user, self.model, adding=not change)
        if change and not _may(request, Action.CHANGE, obj):
            raise PermissionDenied
        if reserved & set(form.changed_data):
            raise PermissionDenied
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Refuse, once all is written and before it is committed, a record that left the area."""
        super().save_related(request, form, formsets, change)
        rows = policy.scope(request.user, self.model, Action.CHANGE)
        if not policy.is_national(request.user) and not rows.filter(pk=form.instance.pk).exists():
            raise PermissionDenied(
                _("Cette fiche sortirait de votre territoire\u00a0: rien n’a été enregistré.")
            )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name nothing of elsewhere among what a deletion would take along, nor thousands."""
        return deletion.told(self.admin_site, request, objs)


def _may(request: HttpRequest, action: Action, target: Any) -> bool:
    return policy.can(request.user, action, target)


def chosen_action(request: HttpRequest) -> str:
    """Return the name of the action that Django will run, whatever index was sent or forged.

    The page has one list of actions above and one below.
    """
    sent = request.POST.getlist("action")
    try:
        return sent[int(request.POST.get("index", 0))]
    except ValueError:
        return sent[0] if sent else ""
    except IndexError:
        return sent[-1] if sent else ""
