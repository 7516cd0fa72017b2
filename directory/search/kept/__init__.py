"""What pages show, kept in memory: see docs/decisions/0011-kept-places.md."""

from directory.search.kept import families, helplines, offers
from directory.search.kept.facts import ActorRef, PlaceFacts, PlaceRef, ServiceFacts, StopFacts
from directory.search.kept.reading import read_services
from directory.search.kept.shelf import Shelf, shelf

__all__ = [
    "ActorRef",
    "PlaceFacts",
    "PlaceRef",
    "ServiceFacts",
    "Shelf",
    "StopFacts",
    "families",
    "helplines",
    "offers",
    "read_services",
    "shelf",
]
