"""What every list of the admin shares to stay quick with tens of thousands of rows."""

from django.contrib import admin


class QuickAdmin(admin.ModelAdmin):
    """No count of the whole table at each search; fifty rows a page; related rows in one query."""

    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = True
