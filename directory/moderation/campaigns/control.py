"""What moderators do of a campaign: launch what they have read, pause, go on, send doubts again."""

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from directory.models import Campaign, CampaignState, ConfirmationRequest, RequestState
from directory.moderation.campaigns import addresses, selection, taking


class NotDoneError(Exception):
    """Nothing was written: the campaign is not in a state for it."""


class ChangedMeanwhileError(NotDoneError):
    """The places or the words are no longer those that were read."""


def launch(campaign: Campaign, by: Any, seen: str) -> int:
    """Queue what each place of the preview is asked; return how many e-mails that makes.

    `seen` is selection.digest() of the preview. Raises NotDoneError.
    """
    with transaction.atomic():
        held = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if held.state != CampaignState.PREVIEWED:
            raise NotDoneError
        found = selection.choose(held, by)
        if selection.digest(held, found) != seen:
            raise ChangedMeanwhileError
        ConfirmationRequest.objects.bulk_create(
            [
                ConfirmationRequest(
                    campaign=held,
                    place_id=one.key,
                    address_hash=addresses.hashed(one.address),
                    domain=taking.domain_of(one.address),
                )
                for one in found.chosen
            ],
            batch_size=500,
        )
        held.state, held.launched_by, held.launched_at = CampaignState.SENDING, by, timezone.now()
        held.save()
    return found.letters


def pause(campaign: Campaign) -> None:
    """Let nothing more leave: an e-mail under way ends. Raises NotDoneError."""
    _move(campaign, CampaignState.SENDING, CampaignState.PAUSED)


def resume(campaign: Campaign) -> None:
    """Go on. Raises NotDoneError."""
    _move(campaign, CampaignState.PAUSED, CampaignState.SENDING)


def send_unsure_again(campaign: Campaign) -> int:
    """Queue again what may have left, or not: some places may read it twice. Return how many."""
    with transaction.atomic():
        held = Campaign.objects.select_for_update().get(pk=campaign.pk)
        unsure = held.requests.filter(state=RequestState.UNSURE)
        count = unsure.update(state=RequestState.QUEUED, reason="", not_before=None)
        if count and held.state == CampaignState.DONE:
            held.state, held.done_at = CampaignState.SENDING, None
            held.save()
    return count


def counts(campaign: Campaign) -> dict[RequestState, int]:
    """Return how many e-mails are in each state, links asked again left aside. One query."""
    rows = campaign.requests.filter(is_renewal=False).order_by().values_list("state")
    found = dict(rows.annotate(count=Count("pk")))
    return {state: found.get(state.value, 0) for state in RequestState}


def _move(campaign: Campaign, old: CampaignState, new: CampaignState) -> None:
    moved = Campaign.objects.filter(pk=campaign.pk, state=old).update(state=new, trouble="")
    if not moved:
        raise NotDoneError
