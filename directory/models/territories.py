"""Regions, departments and communes, from INSEE's official geographic code of 2026."""

from django.db import models

from directory.models.base import both_or_none, in_range


class Region(models.Model):
    """A region, or an overseas collectivity in that role."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    population = models.PositiveIntegerField("population", null=True, blank=True)

    class Meta:
        verbose_name = "région"
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department or an overseas collectivity.

    `time_zone` is an IANA name: opening hours are told in the place's own time.
    """

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    normalized_name = models.CharField(max_length=80, editable=False)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name="région",
        related_name="departments",
        null=True,
        blank=True,
    )
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    class Meta:
        verbose_name = "département"
        ordering = ("code",)
        indexes = (models.Index(fields=["normalized_name"], name="department_name_idx"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class CommuneQuerySet(models.QuerySet["Commune"]):
    """Ways to pick communes."""

    def known_as(self, normalized: str) -> "CommuneQuerySet":
        """Communes one of whose names, old ones included, is exactly `normalized`."""
        return self.filter(names__normalized=normalized).distinct()

    def with_postcode(self, postcode: str) -> "CommuneQuerySet":
        """Communes served by a postcode (five digits)."""
        return self.filter(postcodes__code=postcode).distinct()

    def most_populated_first(self) -> "CommuneQuerySet":
        """The order in which ambiguous names are proposed; ends in the code to stay stable."""
        return self.order_by(models.F("population").desc(nulls_last=True), "code")


class Commune(models.Model):
    """A commune, or a municipal arrondissement of Paris, Lyon or Marseille (with a `parent`).

    `latitude`/`longitude` (WGS 84 degrees) are the centroid; null where no open source gives one:
    searching there lists the department, without distances.
    """

    class PositionSource(models.TextChoices):
        HEXASMAL = "laposte_hexasmal", "Base officielle des codes postaux (La Poste)"
        POSTCODE = "postcode_mean", "Moyenne des communes du même code postal"
        NONE = "", "Aucune"

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name="département", related_name="communes"
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        verbose_name="ville",
        related_name="arrondissements",
        null=True,
        blank=True,
    )
    epci_code = models.CharField("code de l’intercommunalité", max_length=9, blank=True)
    epci_name = models.CharField("intercommunalité", max_length=120, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    position_source = models.CharField(
        "source de la position", max_length=20, choices=PositionSource, blank=True
    )

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ("name", "code")
        indexes = (
            models.Index(fields=["population"], name="commune_population_idx"),
            models.Index(fields=["epci_code"], name="commune_epci_idx"),
        )
        constraints = (
            models.CheckConstraint(
                name="commune_latitude_range", condition=in_range("latitude", -90, 90)
            ),
            models.CheckConstraint(
                name="commune_longitude_range", condition=in_range("longitude", -180, 180)
            ),
            models.CheckConstraint(
                name="commune_whole_position", condition=both_or_none("latitude", "longitude")
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.department_id})"

    @property
    def point(self) -> tuple[float, float] | None:
        """Centroid as (latitude, longitude) in degrees, or None when unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)


class CommuneName(models.Model):
    """A name under which a commune is looked for, normalised."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", "Nom officiel"
        SHORT = "short", "Sans article"
        DELEGATED = "delegated", "Commune déléguée ou associée"

    commune = models.ForeignKey(Commune, models.CASCADE, related_name="names")
    name = models.CharField("nom", max_length=80)
    normalized = models.CharField("nom normalisé", max_length=80)
    kind = models.CharField("nature", max_length=10, choices=Kind)
    former_code = models.CharField(
        "ancien code INSEE",
        max_length=5,
        blank=True,
        help_text="Code que portait cette commune avant d’être réunie à une autre.",
    )

    class Meta:
        verbose_name = "nom de commune"
        verbose_name_plural = "noms de communes"
        ordering = ("normalized", "pk")
        indexes = (
            models.Index(fields=["normalized"], name="communename_normalized_idx"),
            models.Index(fields=["former_code"], name="communename_former_idx"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["commune", "normalized", "kind"], name="communename_once_per_kind"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A postcode of a commune; a commune may have several, a postcode several communes."""

    code = models.CharField("code postal", max_length=5)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="postcodes")

    class Meta:
        verbose_name = "code postal"
        verbose_name_plural = "codes postaux"
        ordering = ("code", "pk")
        indexes = (models.Index(fields=["code"], name="postcode_code_idx"),)
        constraints = (
            models.UniqueConstraint(fields=["commune", "code"], name="postcode_once_per_commune"),
            models.CheckConstraint(
                name="postcode_five_digits", condition=models.Q(code__regex=r"^\d{5}$")
            ),
        )

    def __str__(self) -> str:
        return self.code
