"""The address of every kind of public page of the small directory that `places` builds."""

CENTRE = "/lieux/france-services-gueret-0/"
FIRST = 1_000_001
"""Number of the centre, which addresses of the carnet name; the next ones follow."""

CARNET = f"lieux={FIRST + 1},{FIRST},999999&besoin=ameli"
PAGES = {
    "home": "/",
    "results": "/recherche/?ou=Gu%C3%A9ret&besoin=ameli",
    "results-page-2": "/recherche/?ou=Gu%C3%A9ret&page=2",
    "results-corrected": "/recherche/?ou=Geret",
    "results-choices": "/recherche/?ou=Saint-Denis",
    "results-unknown": "/recherche/?ou=zzzzzzzz",
    "results-nothing": "/recherche/?ou=Saint-Denis+(974)&besoin=mdph",
    "results-no-centre": "/recherche/?ou=Miquelon-Langlade",
    "results-department": "/recherche/?ou=Creuse",
    "results-error": "/recherche/?ou=Gu%C3%A9ret&besoin=inconnu&rayon=7&page=abc",
    "results-beyond": "/recherche/?ou=Gu%C3%A9ret&page=9999",
    "results-empty": "/recherche/",
    "place": CENTRE,
    "place-bare": "/lieux/point-relais/",
    "report": f"{CENTRE}signaler/",
    "report-done": f"{CENTRE}signaler/merci/",
    "carnet": f"/carnet/?{CARNET}",
    "carnet-empty": "/carnet/",
    "sheet": f"/fiche/?{CARNET}",
    "share": f"/partager/?{CARNET}",
    "short-code": "/code/",
    "short-code-wrong": "/code/?code=faux",
    "erase": "/effacer/",
    "erased": "/effacer/fait/",
    "actors": "/acteurs/",
    "actors-none": "/acteurs/?q=zzzzzzzz",
    "actor": "/acteurs/association-du-pays-de-gueret/",
    "composer": "/widget/composer/?besoin=ameli&ou=Gu%C3%A9ret&largeur=320",
    "composer-error": "/widget/composer/?ou=zzzzzzzz&largeur=12&besoin=inconnu",
    "legal": "/mentions-legales/",
    "privacy": "/confidentialite/",
    "sources": "/sources/",
    "open-data": "/donnees/",
    "accessibility": "/accessibilite/",
    "missing": "/cette-page-n-existe-pas/",
}
"""Every kind of public page, once `build` has filled the database."""

NOT_FOUND = {"missing", "results-beyond", "short-code-wrong"}
