"""A browser already signed in, for tests of what comes after."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page

from tests.accounts import sign_in


def enter(page: Page, site: str, user: User) -> Page:
    """Give the page the session of somebody who gave a password and a code at `site`."""
    cookie = sign_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    return page
