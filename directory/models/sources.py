"""Where records come from, under which licence, and which fields a person has corrected."""

from django.db import models

from directory.models.base import is_web_address
from directory.vocabularies.names import OPEN_LICENCES, Credit, Licence


class Source(models.Model):
    """A producer's list, in one vintage."""

    slug = models.SlugField("identifiant", unique=True)
    name = models.CharField("nom", max_length=240)
    publisher = models.CharField("producteur", max_length=160, blank=True)
    url = models.URLField("adresse", blank=True)
    licence = models.CharField("licence", max_length=10, choices=Licence, default=Licence.UNKNOWN)
    attribution = models.CharField("mention à afficher", max_length=240, blank=True)
    vintage_on = models.DateField("date des données", null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        "priorité", default=50, help_text="La source de plus petite priorité l’emporte."
    )
    file_digest = models.CharField(
        "empreinte du dernier fichier chargé", max_length=64, blank=True, editable=False
    )

    class Meta:
        verbose_name = "source"
        ordering = ("priority", "slug")
        constraints = (
            models.CheckConstraint(name="source_url_http", condition=is_web_address("url")),
            models.CheckConstraint(
                name="source_known_licence", condition=models.Q(licence__in=Licence.values)
            ),
        )

    def __str__(self) -> str:
        return self.name


class PlaceSource(models.Model):
    """One producer's identifier for one place: what a re-import matches on."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="place_records")
    external_id = models.CharField("identifiant chez le producteur", max_length=120)
    place = models.ForeignKey("directory.Place", models.CASCADE, related_name="source_records")
    content_hash = models.CharField("empreinte de la ligne lue", max_length=64, blank=True)
    collected_by = models.CharField(
        "collecté par (colonne « source » du standard)", max_length=200, blank=True
    )
    first_seen_on = models.DateField("vu la première fois le", auto_now_add=True)
    last_seen_on = models.DateField("vu la dernière fois le", null=True, blank=True)
    missing_since = models.DateField("absent du fichier depuis le", null=True, blank=True)
    missed_files = models.PositiveSmallIntegerField("fichiers de suite où il manque", default=0)
    is_second = models.BooleanField(
        "seconde ligne d’un lieu de la même source",
        default=False,
        help_text="Après une fusion\u00a0: elle complète ce que la première ligne ne dit pas.",
    )
    service_ids = models.JSONField(
        "services que cette seconde ligne a donnés", default=list, blank=True, editable=False
    )

    to_compare = models.BooleanField(
        "lieu à comparer aux autres",
        default=False,
        editable=False,
        help_text="Ajouté ligne par ligne, par un import qui n’est pas fini.",
    )

    class Meta:
        verbose_name = "origine d’un lieu"
        verbose_name_plural = "origines des lieux"
        ordering = ("source", "external_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["source", "external_id"], name="placesource_once_per_source"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"


class FieldProvenanceQuerySet(models.QuerySet["FieldProvenance"]):
    """Ways to pick origins of fields."""

    def proposed(self) -> "FieldProvenanceQuerySet":
        """Corrected fields for which an import proposes another value."""
        return self.filter(is_locked=True, proposal__isnull=False)

    def withheld(self) -> "FieldProvenanceQuerySet":
        """Fields whose value comes from a source that open data may not republish.

        A locked field holds a person's value, which is ours; its source is the proposal's.
        """
        return self.filter(is_locked=False, source__isnull=False).exclude(
            source__licence__in=OPEN_LICENCES
        )


class FieldProvenance(models.Model):
    """Written only where a field differs from its record's source.

    A locked field was corrected by a person: an import never overwrites it and leaves the incoming
    value in `proposal` instead. `declined` is a proposal that a person refused: not made again.
    """

    place = models.ForeignKey(
        "directory.Place", models.CASCADE, verbose_name="lieu", related_name="field_provenances"
    )
    field = models.CharField("champ", max_length=60)
    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name="source", related_name="+", null=True, blank=True
    )
    is_locked = models.BooleanField("corrigé par une personne", default=False)
    credit = models.CharField("correction de", max_length=12, choices=Credit, blank=True)
    proposal = models.JSONField("valeur proposée par un import", null=True, blank=True)
    declined = models.JSONField("proposition refusée", null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField("enregistré le", auto_now=True)

    objects = FieldProvenanceQuerySet.as_manager()

    class Meta:
        verbose_name = "origine d’un champ"
        verbose_name_plural = "origines des champs"
        ordering = ("place", "field", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["place", "field"], name="fieldprovenance_once_per_field"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id}.{self.field}"
