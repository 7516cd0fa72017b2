"""The form that sends a list: what is refused is said beside its field, before anything is kept."""

from itertools import islice
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.exchange import import_files, importing
from directory.exchange.importing import Request
from directory.exchange.table_files import MAX_BYTES
from directory.exchange.tables import UnreadableFileError
from directory.models import ImportMapping, ImportRun, Source

READ_AT_ONCE = 2_000
"""Rows looked at while the person waits; the others are read in the background."""
ACCEPTED = ".csv,.gz,.xlsx,.json,.geojson"


class MappingField(forms.ModelChoiceField):
    """A choice of mappings by their titles."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the title, and the identifier that reports name."""
        return f"{obj.title} ({obj.slug})"


class ImportForm(forms.Form):
    """A list to import, its source, and how to read it."""

    source = forms.ModelChoiceField(
        label=_("Source connue"),
        queryset=Source.objects.order_by("name"),
        required=False,
        empty_label=_("Une nouvelle source"),
    )
    new_source = forms.SlugField(
        label=_("Identifiant de la nouvelle source"),
        required=False,
        max_length=importing.SLUG_LENGTH,
        help_text=_(
            "Lettres sans accent, chiffres et tirets. Elle est créée avec la licence "
            "«\u00a0Non précisée\u00a0», à compléter ensuite."
        ),
    )
    file = forms.FileField(
        label=_("Liste de lieux"),
        required=False,
        help_text=_("CSV, XLSX, JSON ou GeoJSON, 20\u00a0Mo et 200\u00a0000 lignes au plus."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    services = forms.FileField(
        label=_("Liste de services (data·inclusion seulement)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    mapping = MappingField(
        label=_("Correspondance"),
        queryset=ImportMapping.objects.order_by("title"),
        to_field_name="slug",
        required=False,
        empty_label=_("Reconnaître d’après les noms des colonnes"),
    )
    vintage_on = forms.DateField(
        label=_("Jour du fichier"),
        required=False,
        help_text=_("Sinon, il est lu dans le nom du fichier."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_partial = forms.BooleanField(
        label=_("Ce fichier n’est qu’une partie de la liste\u00a0: aucun lieu n’est dit disparu"),
        label_suffix="",
        required=False,
    )

    def __init__(self, *args: Any, content_length: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content_length = content_length
        self.stored: list[str] = []
        self.refused_by = "file"

    def clean(self) -> dict[str, Any]:
        """Check the source, then the files, which are kept only when all is right."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        known, new = data.get("source"), data.get("new_source", "")
        if not known and not new and "new_source" not in self.errors:
            self.add_error("new_source", _("Choisissez une source, ou nommez-en une nouvelle."))
        elif known and new and known.slug != new:
            self.add_error("new_source", _("Une source connue est déjà choisie\u00a0: videz l’un."))
        file = data.get("file")
        if file is None:
            if "file" not in self.errors:
                self.add_error("file", self._why_no_file())
            return data
        sizes = [("file", file), ("services", data.get("services"))]
        for name, sent in sizes:
            if sent and sent.size > MAX_BYTES:
                self.add_error(name, _too_big())
        if not self.errors:
            self._keep(data, [sent for _name, sent in sizes if sent])
        return data

    def save(self, user: Any) -> ImportRun:
        """Return the import, waiting to be read."""
        data = self.cleaned_data
        file_name = Path(data["file"].name).name
        run: ImportRun = ImportRun.objects.create(
            source=data["source"].slug if data["source"] else data["new_source"],
            mapping=data["mapping"].slug if data["mapping"] else "",
            file_name=file_name[-200:],
            stored_names=self.stored,
            digest=import_files.digest_of(self.stored),
            vintage_on=data["vintage_on"] or importing.date_in_name(Path(file_name)),
            is_partial=data["is_partial"],
            created_by=user,
        )
        return run

    def _why_no_file(self) -> str:
        if self.content_length > MAX_BYTES and not self.files:
            return _too_big()
        return gettext("Choisissez un fichier.")

    def _keep(self, data: dict[str, Any], sent: list[UploadedFile]) -> None:
        self.stored = [import_files.keep(file.chunks()) for file in sent]
        try:
            self._look(data)
        except (OSError, UnreadableFileError, importing.ImportRefusedError) as error:
            import_files.forget(self.stored)
            self.add_error("file", _sentence(str(error)))

    def _look(self, data: dict[str, Any]) -> None:
        """Read the first rows of each file; raise UnreadableFileError."""
        paths = tuple(import_files.path_of(name) for name in self.stored)
        mapping = data["mapping"].slug if data.get("mapping") else ""
        table, _form = importing.read(Request("", paths, mapping=mapping))
        for one in filter(None, (table, table.companion)):
            first = list(islice(one.rows, READ_AT_ONCE))
            if not first:
                raise UnreadableFileError(gettext("le fichier n’a aucune ligne."))


def _too_big() -> str:
    return gettext("Le fichier dépasse 20\u00a0Mo. Coupez-le en plusieurs.")


def _sentence(text: str) -> str:
    """Return a reason with the capital that a sentence has beside a field."""
    return text[:1].upper() + text[1:]
