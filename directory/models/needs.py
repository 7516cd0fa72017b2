"""Health needs in people's own words, and the phone lines that help with them."""

from django.db import models

from directory.vocabularies.normalization import normalize


class Helpline(models.Model):
    """A phone line; editable because numbers change."""

    code = models.SlugField("code", unique=True)
    name = models.CharField("nom", max_length=120)
    phone = models.CharField("numéro à composer", max_length=20)
    display = models.CharField("numéro affiché", max_length=30)
    purpose = models.TextField("à quoi elle sert", blank=True)
    hours_text = models.CharField("horaires", max_length=200, blank=True)
    cost = models.CharField("coût de l’appel", max_length=120, blank=True)
    url = models.URLField("site", blank=True)
    is_general = models.BooleanField("proposée quand une recherche ne donne rien", default=False)
    verified_on = models.DateField("vérifiée le", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne téléphonique"
        verbose_name_plural = "lignes téléphoniques"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.name} ({self.display})"


class NeedQuerySet(models.QuerySet["Need"]):
    """Ways to pick needs."""

    def for_home(self) -> "NeedQuerySet":
        """The needs shown as tiles on the home page."""
        return self.filter(is_on_home=True)


class Need(models.Model):
    """A task of health users, such as « Créer mon compte Ameli »."""

    code = models.SlugField("code", unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="démarche plus générale",
        related_name="children",
        null=True,
        blank=True,
    )
    label = models.CharField("libellé", max_length=120)
    short_label = models.CharField("libellé court", max_length=28)
    explanation = models.TextField("explication", blank=True)
    ask = models.CharField("ce qu’il faut demander", max_length=200, blank=True)
    bring = models.JSONField("ce qu’il faut apporter", default=list, blank=True)
    pictogram = models.CharField("pictogramme", max_length=30, blank=True)
    helplines = models.ManyToManyField(
        Helpline, verbose_name="lignes téléphoniques", related_name="needs", blank=True
    )
    is_on_home = models.BooleanField("sur la page d’accueil", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.label


class Synonym(models.Model):
    """Another way to say a need; moderators add to them."""

    need = models.ForeignKey(Need, models.CASCADE, verbose_name="besoin", related_name="synonyms")
    text = models.CharField("texte", max_length=120)
    language = models.CharField("langue", max_length=3, default="fr")
    normalized = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = "synonyme"
        ordering = ("normalized", "pk")
        indexes = (models.Index(fields=["normalized"], name="synonym_normalized_idx"),)
        constraints = (
            models.UniqueConstraint(
                fields=["need", "language", "normalized"], name="synonym_once_per_need"
            ),
        )

    def __str__(self) -> str:
        return self.text

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the normalised text in step."""
        self.normalized = normalize(self.text)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class NeedMapping(models.Model):
    """What a published code of another vocabulary says about a need."""

    need = models.ForeignKey(Need, models.CASCADE, verbose_name="besoin", related_name="mappings")
    vocabulary = models.CharField("vocabulaire", max_length=40)
    code = models.CharField("code publié", max_length=120)

    class Meta:
        verbose_name = "équivalence d’une démarche"
        verbose_name_plural = "équivalences des démarches"
        ordering = ("vocabulary", "code", "pk")
        constraints = (
            models.UniqueConstraint(fields=["need", "vocabulary", "code"], name="needmapping_once"),
        )

    def __str__(self) -> str:
        return f"{self.vocabulary}: {self.code}"


class NeedTranslation(models.Model):
    """What to ask and to bring, in a language other than French."""

    need = models.ForeignKey(
        Need, models.CASCADE, verbose_name="besoin", related_name="translations"
    )
    language = models.CharField("langue", max_length=3, help_text="Code ISO 639\u00a0: en, ar…")
    label = models.CharField("libellé", max_length=200)
    ask = models.CharField("ce qu’il faut demander", max_length=300, blank=True)
    bring = models.JSONField("ce qu’il faut apporter", default=list, blank=True)
    is_reviewed = models.BooleanField(
        "relue par une personne dont c’est la langue",
        default=False,
        help_text="Une traduction relue n’est plus changée par les mises à jour.",
    )

    class Meta:
        verbose_name = "traduction d’une démarche"
        verbose_name_plural = "traductions des démarches"
        ordering = ("language", "need__position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["need", "language"], name="needtranslation_once_per_language"
            ),
            models.CheckConstraint(
                name="needtranslation_not_french",
                condition=models.Q(language__regex=r"^[a-z]{2,3}$") & ~models.Q(language="fr"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.language})"
