"""Addresses of the directory (the written contract is docs/url-contract.md)."""

from django.urls import path

from directory.views import actors, map_data, map_places, pages, places, search, suggestions

app_name = "directory"
urlpatterns = [
    path("", search.home, name="home"),
    path("recherche/", search.results, name="results"),
    path("recherche/classement/", pages.ranking, name="ranking"),
    path("carte.geojson", map_data.results_map, name="results-map"),
    path("carte/lieux/", map_places.map_places, name="map-places"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("lieux/<slug:slug>/", places.place_detail, name="place-detail"),
    path("lieux/<slug:slug>/signaler/", places.report, name="report"),
    path("lieux/<slug:slug>/signaler/merci/", places.report_done, name="report-done"),
    path("acteurs/", actors.actor_list, name="actor-list"),
    path("acteurs/<slug:slug>/", actors.actor_detail, name="actor-detail"),
    path("acteurs/<slug:slug>/carte.geojson", map_data.actor_map, name="actor-map"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("confidentialite/", pages.privacy, name="privacy"),
    path("sources/", pages.sources, name="sources"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("healthz", pages.healthz, name="healthz"),
]
