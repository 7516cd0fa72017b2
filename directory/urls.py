"""Addresses of the directory (the written contract is docs/url-contract.md)."""

from django.urls import path, re_path

from directory.views import (
    actors,
    calendar_files,
    carnet,
    contact_files,
    digest,
    erase,
    facet_counts,
    map_data,
    map_places,
    pages,
    places,
    search,
    share,
    short_links,
    suggestions,
)
from directory.views.sheet import pages as sheet_pages

app_name = "directory"
urlpatterns = [
    path("", search.home, name="home"),
    path("recherche/", search.results, name="results"),
    path("recherche/classement/", pages.ranking, name="ranking"),
    path("facettes.json", facet_counts.facet_counts, name="facet-counts"),
    path("carte.geojson", map_data.results_map, name="results-map"),
    path("carte/lieux/", map_places.map_places, name="map-places"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("lieux/<slug:slug>/", places.place_detail, name="place-detail"),
    path("lieux/<slug:slug>/signaler/", places.report, name="report"),
    path("lieux/<slug:slug>/signaler/merci/", places.report_done, name="report-done"),
    path("lieux/<slug:slug>/contact.vcf", contact_files.contact_card, name="contact-card"),
    path(
        "lieux/<slug:slug>/passages/<int:number>.ics",
        calendar_files.stop_dates,
        name="stop-dates",
    ),
    path(
        "lieux/<slug:slug>/ateliers/<int:number>.ics",
        calendar_files.workshop_dates,
        name="workshop-dates",
    ),
    path("carnet/", carnet.carnet, name="carnet"),
    path("fiche/", sheet_pages.sheet, name="sheet"),
    path("fiche.pdf", sheet_pages.sheet_pdf, name="sheet-pdf"),
    path("partager/", share.share, name="share"),
    path("effacer/", erase.erase, name="erase"),
    path("effacer/fait/", erase.erased, name="erased"),
    path("code/", short_links.short_code, name="short-code"),
    # Capitals for QR codes, which write them in less room; the slash that some people add.
    re_path(r"^[lL]/(?P<code>[^/]+)/?$", short_links.short_place, name="short-place"),
    re_path(r"^[cC]/(?P<code>[^/]+)/?$", short_links.short_carnet, name="short-carnet"),
    path("acteurs/", actors.actor_list, name="actor-list"),
    path("acteurs/<slug:slug>/", actors.actor_detail, name="actor-detail"),
    path("acteurs/<slug:slug>/carte.geojson", map_data.actor_map, name="actor-map"),
    path("recapitulatif/<str:token>/", digest.stop, name="digest-stop"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("confidentialite/", pages.privacy, name="privacy"),
    path("sources/", pages.sources, name="sources"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("healthz", pages.healthz, name="healthz"),
]
