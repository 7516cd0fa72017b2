"""Which shipped data this database holds already."""

from django.db import models


class LoadedFixture(models.Model):
    """A shipped file, by the digest of what was loaded: a second start reads nothing again."""

    name = models.CharField("fichier", max_length=80, primary_key=True)
    digest = models.CharField("empreinte", max_length=64)
    loaded_at = models.DateTimeField("chargé le", auto_now=True)

    class Meta:
        verbose_name = "jeu de données chargé"
        verbose_name_plural = "jeux de données chargés"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
