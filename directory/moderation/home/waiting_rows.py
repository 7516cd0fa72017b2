"""The queues of this directory's own tables. Others register theirs: see the package's words."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Closure, Contribution, DuplicateCandidate, ImportRun, Place
from directory.models.import_runs import RunState
from directory.moderation import freshness_rules, policy
from directory.moderation.freshness_rules import Kind
from directory.moderation.home.ending import ENDS, SOON, ending_soon
from directory.moderation.home.queues import Queue, User, listed, queue, waiting
from directory.moderation.home.uncovered import uncovered_count
from directory.vocabularies.duplicates import DuplicateStatus
from directory.vocabularies.names import ContributionStatus, State


@queue(10)
def contributions(user: User) -> Queue:
    """What visitors wrote, oldest first."""
    rows = policy.scope(user, Contribution).filter(status=ContributionStatus.PENDING)
    url = listed(Contribution, status__exact=ContributionStatus.PENDING)
    return waiting("contributions", rows, _("Contributions à lire"), url, "created_at")


@queue(20)
def imports(user: User) -> Queue | None:
    """Lists read, whose changes wait to be written; none for who may not import."""
    if not policy.can(user, policy.Action.CHANGE, ImportRun):
        return None
    rows = policy.scope(user, ImportRun).filter(state=RunState.READY)
    url = listed(ImportRun, state__exact=RunState.READY)
    return waiting("imports", rows, _("Imports à relire"), url, "created_at")


@queue(30)
def duplicates(user: User) -> Queue:
    """Pairs of records that look alike."""
    rows = policy.scope(user, DuplicateCandidate).filter(status=DuplicateStatus.WAITING)
    url = listed(DuplicateCandidate, status__exact=DuplicateStatus.WAITING)
    return waiting("duplicates", rows, _("Doublons à examiner"), url, "found_at")


@queue(40)
def to_review(user: User) -> Queue:
    """Places that someone asks to read again."""
    rows = policy.scope(user, Place).filter(state=State.TO_REVIEW)
    url = listed(Place, state__exact=State.TO_REVIEW)
    return waiting("to_review", rows, _("Lieux à relire"), url, "updated_at")


@queue(50)
def drafts(user: User) -> Queue:
    """Places not yet published."""
    rows = policy.scope(user, Place).filter(state=State.DRAFT)
    url = listed(Place, state__exact=State.DRAFT)
    return waiting("drafts", rows, _("Brouillons"), url, "created_at")


@queue(60)
def going_stale(user: User) -> Queue:
    """Published places that nobody checked lately."""
    rows = policy.scope(user, Place).filter(state=State.PUBLISHED)
    rows = freshness_rules.stale(rows, Kind.RECORD, timezone.localdate())
    url = listed(Place, state__exact=State.PUBLISHED, perime=Kind.RECORD)
    return waiting("stale", rows, _("Fiches à vérifier de nouveau"), url, "verified_on")


@queue(70)
def closures_ending(user: User) -> Queue:
    """Closures about to end: does the place open again?"""
    rows = ending_soon(policy.scope(user, Closure), timezone.localdate())
    url = listed(Closure, **{ENDS: SOON})
    return waiting("closures", rows, _("Fermetures qui finissent bientôt"), url)


@queue(80)
def needs_nobody_covers(user: User) -> Queue:
    """Needs that no place of a department declares."""
    label = _("Démarches sans lieu, par département")
    return Queue("uncovered", label, uncovered_count(user), reverse("admin:uncovered_needs"))
