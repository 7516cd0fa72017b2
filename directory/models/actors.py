"""Organisations and networks, at any level."""

from collections import Counter

from django.apps import apps
from django.db import models
from django.urls import reverse

from directory.models.base import TimeStamped, is_web_address
from directory.models.sources import Source
from directory.models.territories import Commune, Department, Region
from directory.vocabularies.names import ActorCategory, Level, State


class ActorQuerySet(models.QuerySet["Actor"]):
    """Ways to pick actors."""

    def published(self) -> "ActorQuerySet":
        """Actors shown to the public."""
        return self.filter(state=State.PUBLISHED)

    def with_place_count(self) -> "list[Actor]":
        """Return the actors with `place_count`: published places run or joined, each once.

        Three queries, each read once: a count asked for each actor took 220 ms on SQLite.
        """
        places = apps.get_model("directory", "Place")
        run = places.objects.published().exclude(operator=None)
        joined = places.networks.through.objects.filter(
            models.Q(place__operator=None) | ~models.Q(place__operator=models.F("actor")),
            place__state=State.PUBLISHED,
        )
        counts: Counter[int] = Counter()
        for rows, group in ((run, "operator"), (joined, "actor")):
            counts.update(dict(rows.order_by().values_list(group).annotate(models.Count("pk"))))
        actors: list[Actor] = list(self)
        for actor in actors:
            actor.place_count = counts[actor.pk]
        return actors


class Actor(TimeStamped):
    """An organisation or a network: State programme, fund, hub, association, town…"""

    slug = models.SlugField("identifiant", max_length=120, unique=True)
    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("sigle ou nom court", max_length=60, blank=True)
    category = models.CharField("famille", max_length=24, choices=ActorCategory)
    level = models.CharField("échelle", max_length=12, choices=Level)
    legal_status = models.CharField("statut juridique", max_length=160, blank=True)
    description = models.TextField("présentation", blank=True)
    how_it_works = models.TextField("fonctionnement", blank=True)
    mediation_actions = models.TextField("actions de médiation", blank=True)
    partnerships = models.TextField("partenariats", blank=True)
    website = models.URLField("site", max_length=400, blank=True)
    email = models.EmailField("courriel générique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    regions = models.ManyToManyField(
        Region, verbose_name="régions", related_name="actors", blank=True
    )
    departments = models.ManyToManyField(
        Department, verbose_name="départements", related_name="actors", blank=True
    )
    communes = models.ManyToManyField(
        Commune, verbose_name="communes", related_name="actors", blank=True
    )
    member_of = models.ManyToManyField(
        "self", verbose_name="réseaux", related_name="members", symmetrical=False, blank=True
    )
    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name="source", related_name="actors", null=True, blank=True
    )
    citation = models.CharField("document et lignes", max_length=500, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)

    objects = ActorQuerySet.as_manager()

    place_count: int = 0
    """Published places that it runs or that joined it, set by `with_place_count`."""

    class Meta:
        verbose_name = "acteur"
        ordering = ("name", "pk")
        indexes = (models.Index(fields=["state", "category"], name="actor_state_category_idx"),)
        constraints = (
            models.CheckConstraint(
                name="actor_phone_e164_or_short",
                condition=models.Q(phone__regex=r"^(\+\d{6,15}|\d{2,6})?$"),
            ),
            models.CheckConstraint(name="actor_website_http", condition=is_web_address("website")),
            models.CheckConstraint(
                name="actor_known_state", condition=models.Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="actor_known_category",
                condition=models.Q(category__in=ActorCategory.values),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep in step the text by which its places are found, when its name changes."""
        renamed = self.pk and not type(self).objects.filter(pk=self.pk, name=self.name).exists()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        if renamed:
            for place in self.operated_places.select_related("commune", "operator"):
                place.save(update_fields=["search_text"])

    def get_absolute_url(self) -> str:
        """Return the actor's public page."""
        return reverse("directory:actor-detail", args=[self.slug])

    @property
    def display_name(self) -> str:
        """The short name when there is one."""
        return self.short_name or self.name
