"""The state of a record in its form: the same passages as everywhere."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.moderation import workflow
from directory.vocabularies.names import State


class WorkflowForm(forms.ModelForm):
    """Refuses a passage that is none, and says what a publication lacks."""

    def _post_clean(self) -> None:
        before = self.instance.state if self.instance.pk else State.DRAFT
        super()._post_clean()  # type: ignore[misc]
        after = self.cleaned_data.get("state", before)
        if after == before or self.errors:
            return
        if after in workflow.NEEDS_A_REASON:
            why = [_("archivez-la depuis la liste, par l’action qui demande la raison")]
        else:
            why = workflow.problems(self.instance, after, before)
        if why:
            self.add_error("state", f"{workflow.listed(why).capitalize()}.")
        else:
            self.instance.state_reason = ""
            self.instance.state_changed_at = timezone.now()


class WorkflowAdmin(admin.ModelAdmin):
    """A model whose records have a state."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Put the check in front of whatever form there is."""
        own = super().get_form(request, obj, change, **kwargs)
        if issubclass(own, WorkflowForm):
            return own
        return type(own.__name__, (WorkflowForm, own), {})
