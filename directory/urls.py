"""Addresses of the directory (the written contract is docs/url-contract.md)."""

from django.urls import include, path, re_path

from directory.api import facets, map_places, maps, suggestions
from directory.api.api import addresses
from directory.views import (
    actors,
    calendar_files,
    carnet,
    catalogue,
    composer,
    contact_files,
    erase,
    feeds,
    open_data,
    pages,
    places,
    search,
    share,
    short_links,
    sitemaps,
    widget,
)
from directory.views.sheet import pages as sheet_pages

app_name = "directory"
urlpatterns = [
    path("", search.home, name="home"),
    path("recherche/", search.results, name="results"),
    path("recherche/classement/", pages.ranking, name="ranking"),
    path("facettes.json", facets.facet_counts, name="facet-counts"),
    path("carte.geojson", maps.results_map, name="results-map"),
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
    path("widget/", widget.widget, name="widget"),
    path("widget/composer/", composer.composer, name="composer"),
    path("acteurs/", actors.actor_list, name="actor-list"),
    path("acteurs/<slug:slug>/", actors.actor_detail, name="actor-detail"),
    path("acteurs/<slug:slug>/carte.geojson", maps.actor_map, name="actor-map"),
    path("donnees/", open_data.page, name="open-data"),
    re_path(
        r"^donnees/(?P<name>lieux(?:-hors-standard|-complements)?\.[a-z]+)$",
        open_data.download,
        name="open-data-file",
    ),
    path("mentions-legales/", pages.legal, name="legal"),
    path("confidentialite/", pages.privacy, name="privacy"),
    path("sources/", pages.sources, name="sources"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("api/v1/", include((addresses(), "api"))),
    path("donnees/catalogue.jsonld", catalogue.catalogue, name="catalogue"),
    path("donnees/changements.atom", feeds.changes, name="changes"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-lieux-<int:number>.xml", sitemaps.places, name="sitemap-places"),
    path("sitemap-acteurs-<int:number>.xml", sitemaps.actors, name="sitemap-actors"),
    path("healthz", pages.healthz, name="healthz"),
]
