"""What visitors may tell us without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Contribution, Place
from directory.models.contributions import MESSAGE_MAX
from directory.vocabularies.names import ContributionKind


class ReportForm(forms.Form):
    """Something is wrong on a place's page. Asks nothing about who writes."""

    kind = forms.ChoiceField(
        label=_("Qu’est-ce qui ne va pas\u00a0?"),
        choices=ContributionKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez ce qui ne va pas."),
            "invalid_choice": _("Choisissez une réponse dans la liste."),
        },
    )
    message = forms.CharField(
        label=_("Dites-nous ce qu’il faut changer"),
        max_length=MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "max_length": _(
                "Votre message est trop long\u00a0: %(show_value)s caractères "
                "au lieu de %(limit_value)s."
            ),
        },
    )
    website = forms.CharField(required=False)
    """A trap: people do not see this field, robots fill it."""

    def clean(self) -> dict[str, object]:
        """Ask for the message that some kinds cannot do without."""
        data = super().clean() or {}
        vague = data.get("kind") in {ContributionKind.CORRECTION, ContributionKind.OTHER}
        if vague and not data.get("message", "").strip() and "message" not in self.errors:
            self.add_error("message", _("Écrivez ce qu’il faut changer."))
        return data

    def store(self, place: Place) -> Contribution | None:
        """Keep the contribution for moderators; nothing is kept of what a robot sends."""
        if self.cleaned_data["website"]:
            return None
        return Contribution.objects.create(
            place=place,
            kind=self.cleaned_data["kind"],
            message=self.cleaned_data["message"].replace("\x00", ""),
        )
