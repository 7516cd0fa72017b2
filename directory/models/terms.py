"""Controlled vocabularies, loaded from fixtures/vocabularies/."""

from django.db import models

from directory.vocabularies.names import Vocabulary


class TermQuerySet(models.QuerySet["Term"]):
    """Ways to pick terms."""

    def of(self, vocabulary: Vocabulary) -> "TermQuerySet":
        """Terms of one vocabulary, in their published order."""
        return self.filter(vocabulary=vocabulary).order_by("position", "pk")


class Term(models.Model):
    """A value of a controlled vocabulary.

    One table for all of them: a page reads every property of its places in one query, whatever the
    number of vocabularies (docs/decisions/0002-one-term-table.md).
    """

    vocabulary = models.CharField("vocabulaire", max_length=20, choices=Vocabulary)
    code = models.CharField("code", max_length=40)
    label = models.CharField("libellé", max_length=160)
    published = models.CharField(
        "valeur du standard",
        max_length=160,
        blank=True,
        help_text="Valeur exacte du standard national v1.0.2 ; vide si le terme est à nous.",
    )
    description = models.TextField("explication", blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "terme"
        ordering = ("vocabulary", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["vocabulary", "code"], name="term_code_once_per_vocabulary"
            ),
            models.CheckConstraint(
                name="term_known_vocabulary",
                condition=models.Q(vocabulary__in=Vocabulary.values),
            ),
        )

    def __str__(self) -> str:
        return self.label
