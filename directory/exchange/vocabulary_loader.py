"""Loads the vocabularies, the health needs and the helplines shipped in fixtures/.

Terms follow the files. Needs follow the files too but for their synonyms and helplines, which
moderators edit: those are added when missing and never overwritten nor removed. Translations of
needs follow the files until a native speaker has reviewed them.
"""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from directory.models import Helpline, Need, NeedMapping, NeedTranslation, Synonym, Term
from directory.vocabularies.names import Vocabulary
from directory.vocabularies.normalization import normalize


def load(fixtures: Path) -> dict[str, int]:
    """Load everything in one transaction; return counts. Twice gives the same rows as once."""
    with transaction.atomic():
        terms = sum(_load_terms(fixtures, vocabulary) for vocabulary in Vocabulary)
        helplines = _load_helplines(_read(fixtures / "helplines.json")["helplines"])
        needs = _read(fixtures / "needs.json")["needs"]
        _load_needs(needs)
        synonyms = _load_synonyms(needs)
        translations = sum(
            _load_translations(_read(path))
            for path in sorted(fixtures.glob("need_translations_*.json"))
        )
    return {
        "terms": terms,
        "helplines": helplines,
        "needs": len(needs),
        "synonyms": synonyms,
        "translations": translations,
    }


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _load_terms(fixtures: Path, vocabulary: Vocabulary) -> int:
    rows = _read(fixtures / "vocabularies" / f"{vocabulary}.json")["terms"]
    Term.objects.bulk_create(
        [
            Term(
                vocabulary=vocabulary,
                code=row["code"],
                label=row["label"],
                published=row["published"],
                description=row["description"],
                position=position,
            )
            for position, row in enumerate(rows)
        ],
        update_conflicts=True,
        unique_fields=["vocabulary", "code"],
        update_fields=["label", "published", "description", "position"],
    )
    return len(rows)


def _load_helplines(rows: list[dict[str, Any]]) -> int:
    for position, row in enumerate(rows):
        Helpline.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "phone": row["phone"],
                "display": row["display"],
                "purpose": row["for"],
                "hours_text": row["hours_text"],
                "cost": row["cost"],
                "url": row["url"],
                "is_general": row.get("general", False),
                "position": position,
            },
        )
    return len(rows)


def _load_needs(rows: list[dict[str, Any]]) -> None:
    needs: dict[str, Need] = {}
    # Parents first: their children point at them.
    for row in sorted(rows, key=lambda r: r["parent"] is not None):
        need, _created = Need.objects.update_or_create(
            code=row["code"],
            defaults={
                "parent": needs.get(row["parent"] or ""),
                "label": row["label"],
                "short_label": row["short_label"],
                "explanation": row["explanation"],
                "ask": row["ask"],
                "bring": row["bring"],
                "pictogram": row["pictogram"],
                "is_on_home": row["in_home"],
                "position": row["position"],
            },
        )
        needs[need.code] = need
        if not need.helplines.exists():
            need.helplines.set(Helpline.objects.filter(code__in=row["helplines"]))
        wanted = {(m["vocabulary"], m["code"]) for m in row["mappings"]}
        for mapping in need.mappings.all():
            if (mapping.vocabulary, mapping.code) not in wanted:
                mapping.delete()
        NeedMapping.objects.bulk_create(
            [NeedMapping(need=need, vocabulary=v, code=c) for v, c in sorted(wanted)],
            ignore_conflicts=True,
        )


def _load_synonyms(rows: list[dict[str, Any]]) -> int:
    needs = dict(Need.objects.values_list("code", "pk"))
    synonyms = [
        Synonym(
            need_id=needs[row["code"]],
            text=text,
            language=language,
            normalized=normalize(text),
        )
        for row in rows
        for language, texts in row["synonyms"].items()
        for text in texts
    ]
    Synonym.objects.bulk_create(synonyms, ignore_conflicts=True)
    return len(synonyms)


def _load_translations(content: dict[str, Any]) -> int:
    language, needs = content["language"], dict(Need.objects.values_list("code", "pk"))
    reviewed = set(
        NeedTranslation.objects.filter(language=language, is_reviewed=True).values_list(
            "need_id", flat=True
        )
    )
    NeedTranslation.objects.bulk_create(
        [
            NeedTranslation(need_id=needs[code], language=language, **row)
            for code, row in content["needs"].items()
            if needs[code] not in reviewed
        ],
        update_conflicts=True,
        unique_fields=["need", "language"],
        update_fields=["label", "ask", "bring"],
    )
    return len(content["needs"])
