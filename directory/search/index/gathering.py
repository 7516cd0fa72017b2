"""Gathers, table by table, all that is searched of places, by slot."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from itertools import compress

from directory.search.criteria import Facet
from directory.search.index.bits import Slots, from_slots
from directory.search.index.geography import Bands
from directory.search.index.hours import Hours, is_evening, is_saturday, week_spans
from directory.search.index.labels import (
    APPOINTMENT_UNKNOWN,
    EVENING,
    HOURS_UNKNOWN,
    ITINERANT,
    NO_APPOINTMENT,
    PHONE,
    SATURDAY,
    Labels,
    column,
    source_column,
)
from directory.search.index.tables import Tables, Town
from directory.search.index.wording import Normalizer
from directory.search.index.words import Postings
from directory.vocabularies.names import Appointment, Basis, Itinerancy

WITHOUT_APPOINTMENT = (Appointment.NOT_NEEDED, Appointment.POSSIBLE, Appointment.RECOMMENDED)

MOVING = (Itinerancy.ITINERANT, Itinerancy.BOTH)


def slots_by_key() -> defaultdict[str, Slots]:
    """Return an empty array of slots for every key asked for."""
    return defaultdict(lambda: array("I"))


class Gathering:
    """What is searched of the places of a reading.

    What places share is gathered once, with the slots that share it. `keys` ascend; `verified`
    holds proleptic ordinals, 0 for never; names are normalised; `columns` are bitsets by name.
    """

    def __init__(
        self, tables: Tables, labels: Labels, normalizer: Normalizer, monday: date
    ) -> None:
        """`monday` begins the week whose hours are read.

        Raise ValueError when places change meanwhile: all must be read from one state.
        """
        self.tables, self.labels, self.normalizer = tables, labels, normalizer
        self.monday = monday
        positions = sorted(tables.positions())
        self.keys = array("q", [row[0] for row in positions])
        self.bands = Bands(positions)
        del positions
        self.size = size = len(self.keys)
        self.slot_of = dict(zip(self.bands.ids, range(size), strict=True))
        self.names = [""] * size
        self.communes = [""] * size
        self.verified = array("i", bytes(4 * size))
        self.columns: dict[str, int] = defaultdict(int)
        self.postings = Postings(size)
        self.hours: dict[Hours, Slots] = defaultdict(lambda: array("I"))
        try:
            self._read_places()
            self._read_hours()
            self._read_services()
            self._read_place_links()
        except KeyError as error:
            raise ValueError("The places changed while they were read.") from error
        self.postings.merge_spellings()

    def _read_places(self) -> None:
        towns, closures = self.tables.towns(), self.tables.closures()
        by_town, by_text, phone = slots_by_key(), slots_by_key(), array("I")
        appointments, itinerancies, by_source = slots_by_key(), slots_by_key(), slots_by_key()
        text, normalized = self.normalizer.text, self.names
        for chunk in self.tables.places():
            keys, names, addresses, communes, operators, groups, *told = zip(*chunk, strict=True)
            phones, opening_hours, own_appointments, own_itinerancies, verified, sources = told
            slots = [self.slot_of[key] for key in keys]
            for slot, name, address in zip(slots, names, addresses, strict=True):
                normalized[slot] = text(name)
                for word in f"{name} {address}".split():
                    by_text[word].append(slot)
            phone.extend(compress(slots, phones))
            _group(by_town, communes, slots)
            for texts in (operators, groups):
                _group(by_text, compress(texts, texts), compress(slots, texts))
            _group(appointments, own_appointments, slots)
            _group(itinerancies, own_itinerancies, slots)
            columns = (source_column(source) for source in sources if source)
            _group(by_source, columns, compress(slots, sources))
            for slot, day in zip(slots, verified, strict=True):
                if day:
                    self.verified[slot] = day.toordinal()
            for slot, key, commune, own in zip(slots, keys, communes, opening_hours, strict=True):
                town = towns[commune]
                self.hours[own, town.zone, town.holidays, closures.get(key, ())].append(slot)
        by_column = {
            PHONE: phone,
            APPOINTMENT_UNKNOWN: appointments[""],
            NO_APPOINTMENT: _together(appointments, WITHOUT_APPOINTMENT),
            ITINERANT: _together(itinerancies, MOVING),
        }
        self._mark(by_column | by_source)
        self._read_towns(by_town, towns)
        self._post(by_text)

    def _read_towns(self, by_town: dict[str, Slots], towns: dict[str, Town]) -> None:
        by_text, by_column = slots_by_key(), slots_by_key()
        for commune, slots in by_town.items():
            town = towns[commune]
            normalized = self.normalizer.text(town.name)
            for slot in slots:
                self.communes[slot] = normalized
            by_text[town.name].extend(slots)
            by_text[town.department_name].extend(slots)
            by_column[column(Facet.DEPARTMENT, town.department)].extend(slots)
            if town.region:
                by_column[column(Facet.REGION, town.region)].extend(slots)
        self._post(by_text)
        self._mark(by_column)

    def _post(self, by_text: dict[str, Slots]) -> None:
        for text, slots in by_text.items():
            self.postings.add(self.normalizer.words(text), slots)

    def _mark(self, by_column: dict[str, Slots]) -> None:
        for name, slots in by_column.items():
            self._add(name, slots)

    def _add(self, name: str, slots: Collection[int]) -> None:
        if slots:
            self.columns[name] |= from_slots(slots, self.size)

    def _read_hours(self) -> None:
        by_column = slots_by_key()
        for (text, *_where), slots in self.hours.items():
            spans = week_spans(text, self.monday)
            if spans is None:
                by_column[HOURS_UNKNOWN].extend(slots)
                continue
            if is_evening(spans):
                by_column[EVENING].extend(slots)
            if is_saturday(spans):
                by_column[SATURDAY].extend(slots)
        self._mark(by_column)

    def _read_services(self) -> None:
        terms, slot_of = self.labels.terms, {}
        by_text = slots_by_key()
        for pk, place, name in self.tables.services():
            slot = slot_of[pk] = self.slot_of[place]
            by_text[name].append(slot)
        self._post(by_text)
        for need, basis, services in self.tables.needs():
            known, declared = self.labels.needs[need]
            slots = _held(services, slot_of)
            self._add(known, slots)
            if basis == Basis.DECLARED:
                self._add(declared, slots)
        for term, services in self.tables.service_terms():
            if term in terms:
                self._add(terms[term], _held(services, slot_of))

    def _read_place_links(self) -> None:
        terms = self.labels.terms
        for term, places in self.tables.place_terms():
            if term in terms:
                self._add(terms[term], _held(places, self.slot_of))
        for name, places in self.tables.networks():
            self.postings.add(self.normalizer.words(name), _held(places, self.slot_of))
        self._add(ITINERANT, _held(self.tables.with_stops(), self.slot_of))


def _held(keys: Iterable[int], slot_of: dict[int, int]) -> list[int]:
    """Return the slots of these places or services; those that are not published have none."""
    return [slot for slot in map(slot_of.get, keys) if slot is not None]


def _group(groups: dict[str, Slots], values: Iterable[str], slots: Iterable[int]) -> None:
    """Add each slot to the group of its value."""
    for value, slot in zip(values, slots, strict=True):
        groups[value].append(slot)


def _together(groups: dict[str, Slots], values: Iterable[str]) -> Slots:
    found = array("I")
    for value in values:
        found.extend(groups[value])
    return found
