"""The order in which lists are offered: daily work first, tables of codes last."""

from typing import Any

from django.utils.translation import gettext_lazy as _

GROUPS = (
    (_("Tous les jours"), ("Contribution", "Place", "DuplicateCandidate", "Actor", "Campaign")),
    (
        _("Détail des fiches"),
        ("Service", "ServiceNeed", "ServiceTerm", "ServiceArea", "Stop", "Closure"),
    ),
    (
        _("Listes reçues"),
        ("ImportRun", "ImportMapping", "Source", "PlaceSource", "FieldProvenance", "PlaceRedirect"),
    ),
    (_("Courriels"), ("ConfirmationRequest", "MailRefusal", "Digest")),
    (_("Mots et codes"), ("Need", "NeedTranslation", "Synonym", "Helpline", "NeedMapping", "Term")),
    (_("Territoires"), ("Region", "Department", "Commune", "CommuneName", "Postcode")),
    (_("Comptes"), ("User", "Role", "Invitation", "AuditEntry")),
)
REST = _("Technique")
NAMES = {
    "ImportMapping": _("Correspondances des listes"),
    "NeedMapping": _("Correspondances des démarches"),
}
"""Two lists must not bear the same name."""


def grouped(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the site's lists, as Django gives them by application, by groups; none is lost."""
    models = {model["object_name"]: model for app in apps for model in app["models"]}
    found = []
    for label, names in GROUPS:
        kept = [models.pop(name) for name in names if name in models]
        found.append((label, [{**one, "name": _named(one)} for one in kept]))
    found.append((REST, list(models.values())))
    shared = {"app_label": "directory", "app_url": "", "has_module_perms": True}
    return [{**shared, "name": label, "models": rows} for label, rows in found if rows]


def _named(model: dict[str, Any]) -> Any:
    return NAMES.get(model["object_name"], model["name"])
