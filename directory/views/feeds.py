"""What has changed in the directory, as an Atom feed (RFC 4287), whole or for a search.

A place that is no more is told by its number alone (RFC 6721): nothing of it is public any more.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.models import Place, Service
from directory.search import choices
from directory.search.criteria import Facet
from directory.search.filters import SearchFilter
from directory.search.finder import asks_something
from directory.search.kept import PlaceFacts, shelf
from directory.search.territory import WhereKind
from directory.views import links
from directory.views.freshness import revalidated
from directory.views.problems import Problem, bad_request
from directory.views.structured_data import origin
from directory.vocabularies.names import State

MOST = 100
"""Entries of each kind; who needs more takes the whole export."""

AT_ONCE = timedelta(minutes=1)
"""A place changed within this time of its creation is still a new one."""

DAY_ONE = "2026"
"""The year from which the identifiers hold (RFC 4151): it never changes."""

BEGAN = datetime(int(DAY_ONE), 1, 1, tzinfo=UTC)
"""When an empty feed last changed."""

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that XML has no way to write."""


class Change(NamedTuple):
    """A published place, when it came and when its page last changed."""

    place: PlaceFacts
    created_at: datetime
    at: datetime

    @property
    def is_new(self) -> bool:
        """Whether it has not changed since it came."""
        return self.at - self.created_at < AT_ONCE


class Tombstone(NamedTuple):
    """A place that was public, and when it ceased to be."""

    key: int
    at: datetime


class _Feed(Atom1Feed):
    """Atom with its tombstones."""

    tombstones: Sequence[Tombstone] = ()
    started_at: datetime

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:at": "http://purl.org/atompub/tombstones/1.0"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for key, at in self.tombstones:
            told = {"ref": tag("lieu", key), "when": rfc3339_date(at)}
            handler.addQuickElement("at:deleted-entry", "", told)

    def latest_post_date(self) -> datetime:
        """Return the last change told; for an empty feed, a date that does not move."""
        told = [item["updateddate"] for item in self.items] + [one.at for one in self.tombstones]
        return max(told, default=self.started_at)


@require_safe
@revalidated
def changes(request: HttpRequest) -> HttpResponse:
    """Tell the last changes, newest first; 400 when the search is unclear. Four queries at most."""
    search = SearchFilter(request.GET)
    if problems := list(_problems(request.GET, search)):
        return bad_request(problems)
    data_on, site = choices.current().data_on, origin(request)
    feed = _Feed(
        title=_("%(site)s\u00a0: ce qui change") % {"site": settings.SITE_NAME},
        link=f"{site}{links.results_url(request.GET) if request.GET else '/'}",
        description=_("Les lieux ajoutés, modifiés ou retirés de l’annuaire."),
        language=settings.LANGUAGE_CODE,
        author_name=settings.SITE_NAME,
        feed_url=f"{site}{request.get_full_path()}",
        feed_guid=tag("changements", request.GET.urlencode()),
    )
    feed.started_at = datetime.combine(data_on, time(), UTC) if data_on else BEGAN
    feed.tombstones = _tombstones(search)
    for change in _last_changed(search):
        _add(feed, change, site)
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def _problems(query: QueryDict, search: SearchFilter) -> Iterator[Problem]:
    """Yield what a program must be told of its search, rather than get another one's changes."""
    for name in query:
        if name not in SearchFilter.base_filters:
            yield Problem(name, _("Ce paramètre n’existe pas."))
    for name, reasons in search.form.errors.items():
        for reason in reasons:
            yield Problem(name, str(reason))
    if search.where.kind in {WhereKind.UNKNOWN, WhereKind.CHOICES}:
        yield Problem("ou", _("Ce lieu n’est pas connu, ou plusieurs portent ce nom."))


def tag(kind: str, key: int | str) -> str:
    """Return an identifier that holds whatever address the site is read at (RFC 4151)."""
    named = (host.lstrip(".") for host in settings.ALLOWED_HOSTS if host.strip(".*[]:"))
    return f"tag:{next(named, 'localhost')},{DAY_ONE}:{kind}/{key}".rstrip("/")


def _last_changed(search: SearchFilter) -> Iterator[Change]:
    """Yield the places of the search whose page changed last; three queries at most."""
    places = search.strict() if asks_something(search) else Place.objects.published()
    places = places.order_by()
    services = Service.objects.published().filter(place__state=State.PUBLISHED).order_by()
    if asks_something(search):
        services = services.filter(place__in=places.values("pk"))
    by_service = services.values_list("place").annotate(at=Max("updated_at")).order_by("-at")[:MOST]
    served = dict(by_service)
    own = places.order_by("-updated_at", "-pk").values_list("pk", "created_at", "updated_at")
    rows = {row[0]: row[1:] for row in own[:MOST]}
    if late := served.keys() - rows.keys():
        found = Place.objects.filter(pk__in=late).values_list("pk", "created_at", "updated_at")
        rows |= {row[0]: row[1:] for row in found}
    told = [
        (max(changed_at, served.get(key, changed_at)), key, created_at)
        for key, (created_at, changed_at) in rows.items()
    ]
    told = sorted(told, reverse=True)[:MOST]
    kept = shelf.get([key for _at, key, _created in told])
    for changed_at, key, created_at in told:
        if key in kept:
            yield Change(kept[key], created_at, changed_at)


def _tombstones(search: SearchFilter) -> list[Tombstone]:
    """Return the last archived places of the departments and regions asked for; one query."""
    where = search.where
    departments, regions = (set(search.value(f) or ()) for f in (Facet.DEPARTMENT, Facet.REGION))
    department = where.department or (where.commune and where.commune.department)
    gone = Place.objects.filter(state=State.ARCHIVED)
    if departments:
        gone = gone.filter(commune__department__in=departments)
    if regions:
        gone = gone.filter(commune__department__region__in=regions)
    if department:
        gone = gone.filter(commune__department=department)
    if where.region:
        gone = gone.filter(commune__department__region=where.region)
    rows = gone.order_by("-updated_at", "-pk").values_list("pk", "updated_at")[:MOST]
    return [Tombstone(*row) for row in rows]


def _add(feed: _Feed, change: Change, site: str) -> None:
    """Tell a change: what it is, and where; the rest is on its page, under its source's licence."""
    place = change.place
    said = _("Nouveau lieu\u00a0: %(name)s") if change.is_new else _("Modifié\u00a0: %(name)s")
    feed.add_item(
        title=_written(said % {"name": f"{place.name} ({place.commune_name})"}),
        link=f"{site}{place.get_absolute_url()}",
        description=_("Adresse, téléphone et horaires\u00a0: sur sa page."),
        unique_id=tag("lieu", place.id),
        pubdate=change.created_at,
        updateddate=change.at,
        categories=(place.department_code, "nouveau" if change.is_new else "modifie"),
    )


def _written(text: str) -> str:
    return UNWRITABLE.sub("", text)
