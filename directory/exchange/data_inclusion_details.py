"""What a data·inclusion service says for itself: its zone, its hours, its address, its contacts.

Address and contacts are only told where they are not those of the structure that gives it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.exchange import phones
from directory.exchange import standard_cells as cells
from directory.exchange.drafts import ServiceDraft
from directory.exchange.standard_cells import Notes, line_of_text, typography
from directory.models import Commune, Department, Region, Service

FRANCE = frozenset({"france", "99100"})
TYPES_V0 = {"commune": "commune", "departement": "department", "region": "region"}
"""Kinds of zones of v0 that the directory knows; v1 tells them by their codes alone."""
EPCI_LENGTH = 9
LENGTHS = {f.name: getattr(f, "max_length", None) or 0 for f in Service._meta.concrete_fields}


@dataclass(frozen=True)
class Own:
    """A service's own address, on one line, and contacts: E.164 number, generic e-mail."""

    address: str = ""
    phone: str = ""
    email: str = ""


class Zones:
    """Reads zones as `ServiceDraft.areas`; knows the territory."""

    def areas(self, row: dict[str, str], codes: Collection[str], notes: Notes) -> tuple[str, ...]:
        """Return the areas of a service, of v1 (`codes`) or v0; what is unknown is told."""
        if row.get("zone_diffusion_type") == "pays":
            return ("france",)
        kind = TYPES_V0.get(row.get("zone_diffusion_type", ""), "")
        found = []
        for code in [*codes, *filter(None, [line_of_text(row.get("zone_diffusion_code", ""))])]:
            area = self._area(code, kind)
            if area:
                found.append(area)
            elif len(code) == EPCI_LENGTH:
                notes.dropped("zone d’un service, intercommunalité")
            else:
                notes.problem("zone_eligibilite", code, _("zone inconnue"))
        areas = tuple(sorted(set(found)))
        return ("france",) if "france" in areas else areas

    def _area(self, code: str, kind: str) -> str:
        if code in FRANCE:
            return "france"
        for name, known in self._known.items():
            if name == (kind or name) and code in known and (kind or name != "region"):
                return f"{name}:{code}"
        return ""

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {
            "department": frozenset(Department.objects.values_list("pk", flat=True)),
            "commune": frozenset(Commune.objects.values_list("pk", flat=True)),
            "region": frozenset(Region.objects.values_list("pk", flat=True)),
        }


def hours(row: dict[str, str], notes: Notes) -> str:
    """Return a service's own hours, "" when they cannot be read."""
    text = line_of_text(row.get("horaires_accueil", ""))
    return cells.hours(text, "", _department(row), notes)[0][: LENGTHS["opening_hours"]]


def own(row: dict[str, str], notes: Notes) -> Own:
    """Return the address and the contacts that a row of the services' file gives."""
    street, town = (line_of_text(row.get(name, "")) for name in ("adresse", "commune"))
    postcode = cells.readable_postcode(line_of_text(row.get("code_postal", "")))
    address = ", ".join(filter(None, [typography(street), f"{postcode} {town}".strip()]))
    phone = cells.phone(line_of_text(row.get("telephone", "")), _department(row), notes)
    emails = cells.emails(row.get("courriel", ""), f"{row.get('nom', '')} {town}", notes)
    return Own(address if street else "", phone, next(iter(emails), ""))


def completed(draft: ServiceDraft, said: Own, structure: dict[str, str]) -> ServiceDraft:
    """Return a service with what of its address and contacts its structure does not say."""
    there = ", ".join([structure.get("adresse", ""), structure.get("code_postal", "")])
    elsewhere = slugify(there) not in slugify(said.address)
    number = phones.to_e164(line_of_text(structure.get("telephone", "")), _department(structure))
    told = []
    if said.phone and said.phone not in {number.e164, number.display}:
        told.append(f"Téléphone\u00a0: {phones.display(said.phone)}")
    if said.email and said.email not in structure.get("courriels", "").lower():
        told.append(f"Courriel\u00a0: {said.email}")
    if told and draft.how_to_book:
        told.insert(0, draft.how_to_book.rstrip(" ."))
    how = ". ".join(told) or draft.how_to_book
    where = f"Sur place\u00a0: {said.address}"
    return replace(
        draft,
        # A text cut in the middle of a number or an address would mislead.
        how_to_book=how if len(how) <= LENGTHS["how_to_book"] else draft.how_to_book,
        area_note=where[: LENGTHS["area_note"]] if said.address and elsewhere else draft.area_note,
    )


def _department(row: dict[str, str]) -> str:
    code = line_of_text(row.get("code_insee", "")) or line_of_text(row.get("code_postal", ""))
    return code[:3] if code.startswith(("97", "98")) else code[:2]
