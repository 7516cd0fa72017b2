"""What the operator recognised in a France Services counter's name says of the counter."""

from django.utils.text import slugify

from directory.exchange import operators
from directory.exchange.drafts import OperatorDraft
from directory.exchange.france_services_file import SLUG
from directory.models import Commune
from directory.vocabularies.names import ActorCategory, Level, Vocabulary


def terms(
    operator: operators.OperatorMatch | None,
) -> tuple[tuple[Vocabulary, str], ...]:
    """Return what a counter is: its operator's kind, and the label."""
    kinds = operator.kind_codes if operator else (operators.LABEL_KIND,)
    return (
        *((Vocabulary.KIND, code) for code in kinds if code),
        (Vocabulary.PROGRAMME, SLUG),
    )


def networks(operator: operators.OperatorMatch | None) -> tuple[str, ...]:
    """Return the networks that a counter belongs to, by its operator."""
    return operator.network_slugs if operator else (operators.LABEL_NETWORK,)


def draft(operator: operators.OperatorMatch | None, commune: Commune) -> OperatorDraft | None:
    """Return the body that runs a counter, None when its name does not tell."""
    if operator is None or not operator.operator_name:
        return None
    networks = tuple(s for s in operator.network_slugs if s != operators.LABEL_NETWORK)
    return OperatorDraft(
        slug=slugify(operator.operator_name)[:120],
        name=operator.operator_name,
        category=ActorCategory.LOCAL_STRUCTURE,
        level=Level.LOCAL,
        networks=networks,
        department=commune.department_id,
    )
