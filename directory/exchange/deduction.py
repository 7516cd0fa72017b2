"""Which health needs may be deduced from a label, a programme or a published service.

Every deduction has a name, kept with the need and shown as "to be confirmed by phone". The table is
data (fixtures/needs.json, `mappings`); here is only how it is read.
"""

from collections import defaultdict

from directory.exchange.drafts import NeedDraft
from directory.models import NeedMapping

DECLARED = frozenset(
    {
        ("training_label", "mon-espace-sante"),
        ("v01_service", "accompagner-les-demarches-de-sante"),
        ("data_inclusion_thematique", "numerique--accompagner-les-demarches-de-sante"),
    }
)
"""Published values by which a producer itself says that it helps with the need."""


def rules() -> dict[tuple[str, str], list[str]]:
    """Return the needs' codes by (vocabulary, published code)."""
    table: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mapping in NeedMapping.objects.select_related("need"):
        table[mapping.vocabulary, mapping.code].append(mapping.need.code)
    return table


def deduce(
    table: dict[tuple[str, str], list[str]], published: list[tuple[str, str]]
) -> tuple[NeedDraft, ...]:
    """Return the needs that published values say or suggest; what is declared wins."""
    needs: dict[str, NeedDraft] = {}
    for vocabulary, code in published:
        for need in table.get((vocabulary, code), ()):
            rule = "" if (vocabulary, code) in DECLARED else f"{vocabulary}:{code}"
            if need not in needs or not rule:
                needs[need] = NeedDraft(need, rule)
    return tuple(needs.values())
