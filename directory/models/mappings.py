"""Mappings: how a producer's own columns become those of the national standard."""

from django.db import models

from directory.models.base import TimeStamped


class ImportMapping(TimeStamped):
    """A mapping file, as text: directory/exchange/mapping_text.py says how it is written.

    `shipped_digest` is of the text that came with the site: once edited, it is no longer replaced.
    """

    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=160, editable=False)
    text = models.TextField("correspondance (TOML)")
    is_active = models.BooleanField(
        "reconnue d’elle-même",
        default=True,
        help_text="Sinon, elle ne sert que si on la demande.",
    )
    shipped_digest = models.CharField(
        "empreinte du texte livré", max_length=64, blank=True, editable=False
    )

    class Meta:
        verbose_name = "correspondance"
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title or self.slug
