"""What the open data is, for the sites that harvest it: DCAT-AP as JSON-LD.

Only inline contexts: a harvester must need no other address. What data.gouv.fr reads of it:
https://guides.data.gouv.fr (moissonnage, DCAT).
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.search import choices
from directory.views.freshness import revalidated
from directory.views.structured_data import origin

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
"""Licence Ouverte 2.0: only what open licences allow is exported."""

STANDARD = "https://raw.githubusercontent.com/LaMednum/standard-mediation-num/v1.0.2/schema.json"
"""The address that the schema gives of itself."""
AUTHORITY = "http://publications.europa.eu/resource/authority"
FRANCE = f"{AUTHORITY}/country/FRA"
MEDIA = "https://www.iana.org/assignments/media-types"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PLACES = "/donnees/lieux"
API = "/api/v1/"

Node = dict[str, Any]


@require_safe
@revalidated
def catalogue(request: HttpRequest) -> HttpResponse:
    """Describe the catalogue: one set of data, the files that hold it, the API that serves it."""
    return JsonResponse(
        _catalogue(origin(request)),
        content_type="application/ld+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


def _catalogue(site: str) -> Node:
    data_on = choices.current().data_on
    dated = {"dct:modified": _date(data_on.isoformat())} if data_on else {}
    address = f"{site}/donnees/catalogue.jsonld"
    publisher = {"@id": f"{site}/#editeur"}
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": address,
                "@type": "dcat:Catalog",
                "dct:title": _text(settings.SITE_NAME),
                "dct:description": _text(_("Les données ouvertes de l’annuaire.")),
                "dct:publisher": publisher,
                "dct:language": {"@id": f"{AUTHORITY}/language/FRA"},
                "foaf:homepage": {"@id": f"{site}/"},
                "dcat:dataset": [{"@id": f"{site}{PLACES}"}],
                "dcat:service": [{"@id": f"{site}{API}"}],
                **dated,
            },
            _publisher(site),
            _dataset(site) | {"dct:publisher": publisher} | dated,
            *(_distribution(site, one) | dated for one in _files()),
            _service(site) | {"dct:publisher": publisher},
        ],
    }


class File(NamedTuple):
    """A file: the end of its address, its title, its kind; `standard` is what it conforms to."""

    path: str
    title: str
    media: str
    kind: str
    standard: str = STANDARD


def _files() -> list[File]:
    apart = _("Lieux que le standard ne peut pas contenir, CSV")
    more = _("Ce que le standard ne dit pas des lieux\u00a0: démarches, langues, fermetures, CSV")
    return [
        File(".csv", _("Lieux, CSV"), "text/csv", "CSV"),
        File(".json", _("Lieux, JSON"), "application/json", "JSON"),
        File(".geojson", _("Lieux, GeoJSON"), "application/geo+json", "GEOJSON", ""),
        File(".xlsx", _("Lieux, classeur XLSX"), XLSX, "XLSX"),
        File("-hors-standard.csv", apart, "text/csv", "CSV", ""),
        File("-complements.csv", more, "text/csv", "CSV", ""),
    ]


def _publisher(site: str) -> Node:
    told: Node = {
        "@id": f"{site}/#editeur",
        "@type": "foaf:Agent",
        "foaf:name": settings.SITE_NAME,
        "foaf:homepage": {"@id": f"{site}/"},
    }
    return told


def _dataset(site: str) -> Node:
    contact: Node = {"@type": "vcard:Kind", "vcard:fn": settings.SITE_NAME}
    if settings.CONTACT_EMAIL:
        contact["vcard:hasEmail"] = {"@id": f"mailto:{settings.CONTACT_EMAIL}"}
    return {
        "@id": f"{site}{PLACES}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{site}{PLACES}",
        "dct:title": _text(_("Lieux de médiation numérique en santé")),
        "dct:description": _text(
            _(
                "Lieux et services où l’on est aidé pour ses démarches de santé en ligne\u00a0: "
                "adresse, position, téléphone, horaires, publics, prix. Ces données suivent le "
                "standard national des lieux de médiation numérique, version 1.0.2."
            )
        ),
        "dcat:keyword": [
            _text(word)
            for word in (
                _("médiation numérique"), _("inclusion numérique"), _("santé"),
                _("accès aux droits"), "lieux-mediation-numerique",
            )
        ],
        "dcat:theme": {"@id": f"{AUTHORITY}/data-theme/HEAL"},
        "dct:license": {"@id": LICENCE},
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/CONT"},
        "dct:language": {"@id": f"{AUTHORITY}/language/FRA"},
        "dct:spatial": {"@id": FRANCE},
        "dct:conformsTo": {"@id": STANDARD},
        "dcat:contactPoint": contact,
        "dcat:landingPage": {"@id": f"{site}/donnees/"},
        "dcat:distribution": [{"@id": f"{site}{PLACES}{one.path}"} for one in _files()],
    }  # fmt: skip


def _distribution(site: str, file: File) -> Node:
    address = {"@id": f"{site}{PLACES}{file.path}"}
    told: Node = {
        **address,
        "@type": "dcat:Distribution",
        "dct:title": _text(file.title),
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": f"{MEDIA}/{file.media}"},
        "dct:format": {"@id": f"{AUTHORITY}/file-type/{file.kind}"},
        "dct:license": {"@id": LICENCE},
    }
    return told | ({"dct:conformsTo": {"@id": file.standard}} if file.standard else {})


def _service(site: str) -> Node:
    return {
        "@id": f"{site}{API}",
        "@type": "dcat:DataService",
        "dct:title": _text(_("Interface de programmation de l’annuaire")),
        "dcat:endpointURL": {"@id": f"{site}{API}"},
        "dcat:servesDataset": {"@id": f"{site}{PLACES}"},
        "dct:license": {"@id": LICENCE},
    }


def _text(value: str) -> Node:
    return {"@value": value, "@language": settings.LANGUAGE_CODE}


def _date(value: str) -> Node:
    return {"@value": value, "@type": "xsd:date"}
