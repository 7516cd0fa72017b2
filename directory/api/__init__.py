"""The programs' side: `/api/v1/`. It may use what pages are made of; no page imports it.

What the site's own JavaScript asks (map, suggestions, counts) are operations of this API: the older
addresses are other names of the same functions. See docs/api.md and docs/decisions/0017-api.md.
"""
