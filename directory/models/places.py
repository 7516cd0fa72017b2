"""Places where help is given, their exceptional closures and their itinerant stops."""

from datetime import date

from django.db import models
from django.urls import reverse

from directory.models.actors import Actor
from directory.models.base import TimeStamped, both_or_none, in_range, is_web_address
from directory.models.followed import Followed, assigned_once
from directory.models.querysets import PlaceQuerySet
from directory.models.sources import Source
from directory.models.terms import Term
from directory.models.territories import Commune
from directory.models.tracking import Tracked, TrackedQuerySet
from directory.vocabularies.names import (
    Appointment,
    Itinerancy,
    PositionPrecision,
    State,
    VerificationMethod,
)
from directory.vocabularies.normalization import normalize


class Place(Followed, TimeStamped):
    """A place of the national standard v1.0.2, with what health mediation needs beside it.

    Empty text means "not known". `phone` is E.164 or a short number; `opening_hours` follows the
    OpenStreetMap specification, in the place's own time zone; latitude and longitude are WGS 84
    degrees.
    """

    slug = models.SlugField("identifiant", max_length=120, unique=True)
    name = models.CharField("nom", max_length=200)
    pivot = models.CharField("SIRET ou RNA", max_length=14, blank=True)
    operator = models.ForeignKey(
        Actor,
        models.SET_NULL,
        verbose_name="structure qui le gère",
        related_name="operated_places",
        null=True,
        blank=True,
    )
    networks = models.ManyToManyField(
        Actor, verbose_name="réseaux", related_name="network_places", blank=True
    )
    principal = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="lieu principal (pour une antenne)",
        related_name="antennas",
        null=True,
        blank=True,
    )
    group_name = models.CharField("groupe", max_length=120, blank=True)

    commune = models.ForeignKey(
        Commune, models.PROTECT, verbose_name="commune", related_name="places"
    )
    address = models.CharField("adresse", max_length=240, blank=True)
    address_complement = models.CharField("complément d’adresse", max_length=240, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    position_precision = models.CharField(
        "précision de la position",
        max_length=10,
        choices=PositionPrecision,
        default=PositionPrecision.UNKNOWN,
    )

    phone = models.CharField("téléphone", max_length=20, blank=True)
    booking_phone = models.CharField("téléphone pour le rendez-vous", max_length=20, blank=True)
    emails = models.JSONField("courriels génériques", default=list, blank=True)
    websites = models.JSONField("sites", default=list, blank=True)
    booking_url = models.URLField("rendez-vous en ligne", max_length=400, blank=True)
    acceslibre_url = models.URLField("fiche Acceslibre", max_length=400, blank=True)

    opening_hours = models.CharField("horaires (format OSM)", max_length=400, blank=True)
    hours_note = models.CharField("précision sur les horaires", max_length=400, blank=True)
    appointment = models.CharField("rendez-vous", max_length=12, choices=Appointment, blank=True)
    appointment_note = models.CharField("précision sur le rendez-vous", max_length=600, blank=True)
    itinerancy = models.CharField("itinérance", max_length=10, choices=Itinerancy, blank=True)
    rounds = models.TextField("tournées et permanences", blank=True)
    notes = models.TextField("à savoir", blank=True)
    summary = models.TextField("présentation courte", blank=True)
    description = models.TextField("présentation détaillée", blank=True)
    other_labels = models.CharField("autres labels", max_length=240, blank=True)
    terms = models.ManyToManyField(
        Term, verbose_name="caractéristiques", related_name="places", blank=True
    )

    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name="source", related_name="places", null=True, blank=True
    )
    source_updated_on = models.DateField("date chez le producteur", null=True, blank=True)
    verified_on = models.DateField("vérifié le", null=True, blank=True)
    verification_method = models.CharField(
        "façon de vérifier", max_length=10, choices=VerificationMethod, blank=True
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    search_text = models.TextField("texte cherché", blank=True, editable=False)
    # Counted by directory/moderation/completeness.py, never by hand; empty until it is.
    completeness = models.PositiveSmallIntegerField("complète à (%)", null=True, editable=False)

    objects = PlaceQuerySet.as_manager()
    history = Tracked(linked=("networks", "terms"))

    distance: float | None = None
    """km from what was searched, set by searches."""

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ("name", "pk")
        indexes = (
            models.Index(fields=["state", "latitude", "longitude"], name="place_position_idx"),
            models.Index(fields=["state", "name"], name="place_name_idx"),
            models.Index(fields=["state", "verified_on"], name="place_verified_idx"),
            models.Index(fields=["state", "source_updated_on"], name="place_updated_idx"),
            models.Index(fields=["completeness"], name="place_completeness_idx"),
            # The order of the moderators' list, whatever the state: 258 ms without it, 1 with.
            models.Index(fields=["name", "id"], name="place_list_idx"),
            # The feed of changes (directory/views/feeds.py): 38 ms without it, 0.1 with.
            models.Index(fields=["state", "updated_at"], name="place_changed_idx"),
        )
        constraints = (
            models.CheckConstraint(
                name="place_latitude_range", condition=in_range("latitude", -90, 90)
            ),
            models.CheckConstraint(
                name="place_longitude_range", condition=in_range("longitude", -180, 180)
            ),
            models.CheckConstraint(
                name="place_whole_position", condition=both_or_none("latitude", "longitude")
            ),
            models.CheckConstraint(
                name="place_phone_e164_or_short",
                condition=models.Q(phone__regex=r"^(\+\d{6,15}|\d{2,6})?$"),
            ),
            models.CheckConstraint(
                name="place_booking_phone_e164_or_short",
                condition=models.Q(booking_phone__regex=r"^(\+\d{6,15}|\d{2,6})?$"),
            ),
            models.CheckConstraint(
                name="place_booking_url_http", condition=is_web_address("booking_url")
            ),
            models.CheckConstraint(
                name="place_acceslibre_url_http", condition=is_web_address("acceslibre_url")
            ),
            models.CheckConstraint(
                name="place_known_state", condition=models.Q(state__in=State.values)
            ),
            assigned_once("place"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Write the place, with what follows from its other columns."""
        self.settle()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def settle(self) -> None:
        """Keep the searched text in step; put a place without a point at its commune's centre."""
        self.search_text = self.build_search_text()
        if self.point is None and self.commune.point:
            self.latitude, self.longitude = self.commune.point
            self.position_precision = PositionPrecision.COMMUNE

    @property
    def is_itinerant(self) -> bool:
        """Whether it moves, wholly or in part."""
        return self.itinerancy in {Itinerancy.ITINERANT, Itinerancy.BOTH}

    @property
    def point(self) -> tuple[float, float] | None:
        """Position as (latitude, longitude) in degrees, or None when unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)

    @property
    def web_addresses(self) -> list[str]:
        """The sites that a browser may open; anything else an import left in is not shown."""
        return [url for url in self.websites if url.startswith(("https://", "http://"))]

    @property
    def next_closure(self) -> list[tuple[date, date]]:
        """The first closure not yet over, when read by `with_next_closure`; else nothing."""
        starts_on = getattr(self, "closure_starts_on", None)
        return [(starts_on, self.closure_ends_on)] if starts_on else []  # type: ignore[attr-defined]

    @property
    def full_address(self) -> str:
        """Address on one line, as an envelope would say it."""
        town = f"{self.postcode} {self.commune.name}".strip()
        return ", ".join(part for part in (self.address, town) if part)

    def get_absolute_url(self) -> str:
        """Return the place's public page."""
        return reverse("directory:place-detail", args=[self.slug])

    def build_search_text(self) -> str:
        """Return the normalised words by which this place is found."""
        operator = self.operator.name if self.operator else ""
        parts = (self.name, operator, self.group_name, self.address, self.commune.name)
        return normalize(" ".join(parts))


class Closure(models.Model):
    """A dated closure: holidays, works. Both days included."""

    place = models.ForeignKey(Place, models.CASCADE, verbose_name="lieu", related_name="closures")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au (inclus)")
    reason = models.CharField("raison", max_length=160, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "fermeture"
        ordering = ("starts_on", "pk")
        indexes = (models.Index(fields=["place", "ends_on"], name="closure_place_ends_idx"),)
        constraints = (
            models.CheckConstraint(
                name="closure_ends_after_start",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class Stop(models.Model):
    """A stop of an itinerant place: dated (`on`) or recurring (`opening_hours`, OSM)."""

    place = models.ForeignKey(Place, models.CASCADE, verbose_name="lieu", related_name="stops")
    commune = models.ForeignKey(
        Commune, models.PROTECT, verbose_name="commune", related_name="stops"
    )
    label = models.CharField("endroit", max_length=200, blank=True)
    on = models.DateField("le", null=True, blank=True)
    opening_hours = models.CharField("horaires (format OSM)", max_length=200, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "passage"
        ordering = ("place", "on", "pk")
        constraints = (
            models.CheckConstraint(
                name="stop_dated_or_recurring",
                condition=models.Q(on__isnull=False) | ~models.Q(opening_hours=""),
            ),
            models.CheckConstraint(
                name="stop_whole_position", condition=both_or_none("latitude", "longitude")
            ),
        )

    def __str__(self) -> str:
        return f"{self.label or self.commune_id} {self.on or self.opening_hours}"
