"""Sessions and accounts, for the moderators' side alone: public pages know nobody.

They neither read nor set a session, hence no cookie, no query and no `Vary: Cookie` (measured in
docs/decisions/0019-accounts-and-roles.md).
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class StaffOnly:
    """Leaves every other path to the next in line."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Work on the moderators' paths."""
        if request.path_info.startswith(settings.STAFF_PATHS):
            return super().__call__(request)  # type: ignore[misc]
        return self.get_response(request)


class StaffSessions(StaffOnly, SessionMiddleware):
    """Reads and saves sessions."""


class StaffAuthentication(StaffOnly, AuthenticationMiddleware):
    """Knows who is signed in."""


class StaffMessages(StaffOnly, MessageMiddleware):
    """Carries a message to the next page."""
