"""Signing in: django-allauth's views, in the site's words and looks."""
