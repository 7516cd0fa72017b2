"""What is offered: at a place, or over an area when people are visited or called."""

from django.db import models
from django.db.models import Q

from directory.models.actors import Actor
from directory.models.base import TimeStamped
from directory.models.needs import Need
from directory.models.places import Place
from directory.models.sources import Source
from directory.models.terms import Term
from directory.models.territories import Commune, Department, Region
from directory.models.tracking import Tracked, TrackedQuerySet
from directory.vocabularies.names import OPEN_LICENCES, Basis, State


class ServiceQuerySet(TrackedQuerySet):
    """Ways to pick services."""

    def published(self) -> "ServiceQuerySet":
        """Services shown to the public: their actor and place, where set, are public too."""
        return self.filter(
            Q(place__isnull=True) | Q(place__state=State.PUBLISHED),
            Q(actor__isnull=True) | Q(actor__state=State.PUBLISHED),
            state=State.PUBLISHED,
        )

    def publishable(self) -> "ServiceQuerySet":
        """Published services that open data may hold: ours, or from a source of open licence."""
        return self.published().filter(
            Q(source=None) | Q(source__licence__in=OPEN_LICENCES),
            Q(place=None) | Q(place__source=None) | Q(place__source__licence__in=OPEN_LICENCES),
        )

    def without_place(self) -> "ServiceQuerySet":
        """Outreach, home, remote and telephone offers."""
        return self.filter(place__isnull=True)

    def serving(self, commune: Commune) -> "ServiceQuerySet":
        """Services whose area holds `commune`: itself, its city, its department, its region."""
        communes = [code for code in (commune.pk, commune.parent_id) if code]
        return self.filter(
            Q(areas__is_national=True)
            | Q(areas__commune__in=communes)
            | Q(areas__department=commune.department_id)
            | Q(areas__region=commune.department.region_id)
        ).distinct()

    def serving_department(self, department: Department) -> "ServiceQuerySet":
        """Services whose area holds the whole department."""
        return self.filter(
            Q(areas__is_national=True)
            | Q(areas__department=department.pk)
            | Q(areas__region=department.region_id)
        ).distinct()

    def covering(self, need_codes: list[str]) -> "ServiceQuerySet":
        """Services that cover one of the needs, declared or deduced."""
        if not need_codes:
            return self
        return self.filter(
            models.Exists(
                ServiceNeed.objects.filter(service=models.OuterRef("pk"), need__code__in=need_codes)
            )
        )


class Service(TimeStamped):
    """An offer of help. Its properties are terms; none of a vocabulary means "not known"."""

    place = models.ForeignKey(
        Place, models.CASCADE, verbose_name="lieu", related_name="services", null=True, blank=True
    )
    actor = models.ForeignKey(
        Actor,
        models.CASCADE,
        verbose_name="structure",
        related_name="services",
        null=True,
        blank=True,
    )
    external_id = models.CharField("identifiant", max_length=160, blank=True)
    name = models.CharField("nom", max_length=200)
    description = models.TextField("description", blank=True)
    how_to_book = models.CharField("comment en bénéficier", max_length=400, blank=True)
    opening_hours = models.CharField(
        "horaires du service ou de l’atelier (format OSM)",
        max_length=400,
        blank=True,
        help_text="Vide\u00a0: ceux du lieu. Exemples\u00a0: Tu 14:00-16:00, Th[1] 10:00-12:00.",
    )
    booking_url = models.URLField("rendez-vous en ligne", max_length=400, blank=True)
    area_note = models.CharField("précision sur la zone", max_length=240, blank=True)
    needs = models.ManyToManyField(
        Need, verbose_name="démarches", through="ServiceNeed", related_name="services"
    )
    terms = models.ManyToManyField(
        Term, verbose_name="caractéristiques", through="ServiceTerm", related_name="services"
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        verbose_name="source",
        related_name="services",
        null=True,
        blank=True,
    )
    citation = models.CharField("document et lignes", max_length=500, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = ServiceQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "service"
        ordering = ("position", "pk")
        indexes = (models.Index(fields=["place", "state"], name="service_place_state_idx"),)
        constraints = (
            models.CheckConstraint(
                name="service_place_or_actor",
                condition=Q(place__isnull=False) | Q(actor__isnull=False),
            ),
            models.CheckConstraint(name="service_known_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                name="service_once_per_source",
                condition=~Q(external_id=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ServiceNeed(models.Model):
    """That a service covers a need, and how we know it.

    A deduced need names its rule (directory/exchange/deduction.py); it is shown as to be confirmed.
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="service_needs")
    need = models.ForeignKey(
        Need, models.PROTECT, verbose_name="besoin", related_name="service_needs"
    )
    basis = models.CharField("connaissance", max_length=8, choices=Basis)
    rule = models.CharField("règle de déduction", max_length=120, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "démarche couverte"
        verbose_name_plural = "démarches couvertes"
        ordering = ("need__position", "pk")
        indexes = (models.Index(fields=["need", "service"], name="serviceneed_need_idx"),)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "need"], name="serviceneed_once_per_service"
            ),
            models.CheckConstraint(
                name="serviceneed_known_basis", condition=Q(basis__in=Basis.values)
            ),
            models.CheckConstraint(
                name="serviceneed_deduced_names_its_rule",
                condition=Q(basis=Basis.DECLARED, rule="") | (Q(basis=Basis.DEDUCED) & ~Q(rule="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.need_id} ({self.basis})"

    @property
    def is_declared(self) -> bool:
        """Whether the producer said it, rather than a rule of ours."""
        return self.basis == Basis.DECLARED


class ServiceTerm(models.Model):
    """A property of a service; `days` tells when it holds (a language on Tuesdays, say)."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="service_terms")
    term = models.ForeignKey(
        Term, models.PROTECT, verbose_name="mot du vocabulaire", related_name="service_terms"
    )
    days = models.CharField("quand", max_length=120, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "caractéristique"
        ordering = ("term__vocabulary", "term__position", "pk")
        indexes = (models.Index(fields=["term", "service"], name="serviceterm_term_idx"),)
        constraints = (
            models.UniqueConstraint(
                fields=["service", "term"], name="serviceterm_once_per_service"
            ),
        )

    def __str__(self) -> str:
        return f"{self.term_id}"


class ServiceArea(models.Model):
    """A territory a service covers: the country, a region, a department or a commune."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="areas")
    is_national = models.BooleanField("tout le pays", default=False)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name="région",
        related_name="service_areas",
        null=True,
        blank=True,
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        verbose_name="département",
        related_name="service_areas",
        null=True,
        blank=True,
    )
    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="service_areas", null=True, blank=True
    )

    objects = TrackedQuerySet.as_manager()
    history = Tracked()

    class Meta:
        verbose_name = "zone couverte"
        verbose_name_plural = "zones couvertes"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="servicearea_exactly_one_territory",
                condition=(
                    Q(
                        is_national=True,
                        region__isnull=True,
                        department__isnull=True,
                        commune__isnull=True,
                    )
                    | Q(
                        is_national=False,
                        region__isnull=False,
                        department__isnull=True,
                        commune__isnull=True,
                    )
                    | Q(
                        is_national=False,
                        region__isnull=True,
                        department__isnull=False,
                        commune__isnull=True,
                    )
                    | Q(
                        is_national=False,
                        region__isnull=True,
                        department__isnull=True,
                        commune__isnull=False,
                    )
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.commune or self.department or self.region or "France")
