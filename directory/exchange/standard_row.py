"""A row in the columns of the national standard v1.0.2, to which every format is brought."""

from dataclasses import dataclass, field

from directory.exchange.drafts import ServiceDraft
from directory.vocabularies.names import Vocabulary

REQUIRED = ("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj")
"""`services` is optional in v1.0.2."""

VOCABULARY_COLUMNS = {
    "typologie": Vocabulary.KIND,
    "services": Vocabulary.STANDARD_SERVICE,
    "publics_specifiquement_adresses": Vocabulary.PUBLIC,
    "prise_en_charge_specifique": Vocabulary.SPECIAL_CARE,
    "frais_a_charge": Vocabulary.COST,
    "dispositif_programmes_nationaux": Vocabulary.PROGRAMME,
    "formations_labels": Vocabulary.TRAINING_LABEL,
    "modalites_acces": Vocabulary.ACCESS,
    "modalites_accompagnement": Vocabulary.SUPPORT_MODE,
}
OTHER_COLUMNS = (
    "code_insee", "complement_adresse", "latitude", "longitude", "telephone", "courriels",
    "site_web", "horaires", "presentation_resume", "presentation_detail", "source", "itinerance",
    "structure_parente", "autres_formations_labels", "fiche_acces_libre", "prise_rdv",
)  # fmt: skip
COLUMNS = frozenset({*REQUIRED, *VOCABULARY_COLUMNS, *OTHER_COLUMNS})
SEVERAL = frozenset(
    {*VOCABULARY_COLUMNS, "courriels", "site_web", "itinerance", "autres_formations_labels"}
)
"""Columns that hold several values, parted by vertical bars."""

Terms = tuple[tuple[Vocabulary, str], ...]


@dataclass(frozen=True)
class StandardRow:
    """A row in the columns of v1.0.2, and what another format said beyond them.

    `columns` are the file's own names for those that were renamed; `published` are (vocabulary,
    code) pairs for the deductions; `date_style` is a key of dates.STYLES.
    """

    cells: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    published: tuple[tuple[str, str], ...] = ()
    terms: Terms = ()
    services: tuple[ServiceDraft, ...] = ()
    date_style: str = ""
