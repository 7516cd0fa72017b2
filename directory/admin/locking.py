"""Whatever a moderator changes of a place is locked: the next import leaves it alone.

A form that does it names the part of the place that it writes (directory/exchange/locks.py).
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpRequest

from directory.admin.base import QuickAdmin
from directory.exchange import locks
from directory.models import Place


class LocksPartOfAPlace(QuickAdmin):
    """Locks `locked_part` of the places that `places_of` gives, before and after each change."""

    locked_part: ClassVar[str]

    def places_of(self, obj: Any) -> Iterable[Place | None]:
        """Return the places of which an object is imported; none for what is a person's own."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Lock the place that the object leaves, when it changes place."""
        if change and form.changed_data:
            self._lock(type(obj)._default_manager.filter(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Lock what was corrected, here or in the lines below."""
        super().save_related(request, form, formsets, change)
        if form.changed_data or any(formset.has_changed() for formset in formsets):
            self._lock([form.instance])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Lock what is deleted: it would come back."""
        self._lock([obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Likewise, for several."""
        self._lock(queryset)
        super().delete_queryset(request, queryset)

    def _lock(self, objects: Iterable[Any]) -> None:
        for obj in objects:
            for place in filter(None, self.places_of(obj)):
                locks.lock(place, [self.locked_part])
