"""Addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("compte/", include("directory.accounts.urls")),
    path("", include("directory.urls")),
]
handler400 = "directory.views.errors.bad_request"
handler403 = "directory.views.errors.permission_denied"
handler404 = "directory.views.errors.page_not_found"
handler500 = "directory.views.errors.server_error"
handler429 = "directory.accounts.views.too_many"
