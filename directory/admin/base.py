"""What every list of the admin shares to stay quick with tens of thousands of rows."""

from typing import ClassVar

from django.db import models

from directory.admin.policy import PolicyAdmin


class QuickAdmin(PolicyAdmin):
    """No count of the whole table at each search; fifty rows a page; related rows in one query."""

    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = True
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
