"""What visitors tell us of places: asked, kept, decided, erased.

`fields` names what may be corrected, `forms` ask it, `guard` and `quota` keep robots out without
a riddle, `keeping` stores, `reading` compares with the place as it stands, `decisions` writes what
a moderator accepts, `privacy` warns and erases. See docs/moderation.md.
"""
