"""Personal data in what visitors write: seen before it is sent, erased once it is answered."""

from django.conf import settings
from django.utils import timezone

from directory.exchange import emails, phones
from directory.models import Contribution
from directory.moderation import freshness_rules
from directory.moderation.freshness_rules import Kind
from directory.vocabularies.names import ContributionKind, ContributionStatus


def personal(text: str, place_text: str = "") -> bool:
    """Tell whether a text seems to hold a person's e-mail or a mobile number.

    `place_text`, the place's name and commune, clears the words that its own address holds.
    """
    if any(emails.is_nominative(one, place_text) for one in emails.EMAIL.findall(text)):
        return True
    return any(phones.is_mobile(number) for number in phones.find_numbers(text))


def purge() -> int:
    """Erase the words of contributions answered settings.CONTRIBUTION_MONTHS ago; return how many.

    What was accepted is on the place's page and stays; follow-up links end. Confirmations too old
    to be counted are deleted.
    """
    day = timezone.localdate()
    count = 0
    too_old = freshness_rules.limit(Kind.RECORD, day)
    Contribution.objects.filter(
        kind=ContributionKind.CONFIRMATION, created_at__date__lt=too_old
    ).delete()
    old = (
        Contribution.objects.exclude(status=ContributionStatus.PENDING)
        .exclude(kind=ContributionKind.CONFIRMATION)
        .filter(token_hash__isnull=False, moderated_at__isnull=False)
    )
    for one in old.iterator():
        answered = timezone.localdate(one.moderated_at)
        if freshness_rules.months_between(answered, day) < settings.CONTRIBUTION_MONTHS:
            continue
        kept = {name: told for name, told in one.changes.items() if name in one.accepted}
        for told in kept.values():
            told.pop("words", None)
        one.changes, one.message, one.moderation_note, one.token_hash = kept, "", "", None
        one.public_answer = ""
        one.save()
        count += 1
    return count
