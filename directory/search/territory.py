"""What a typed place means: a commune, an address, a department, or several that it may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from directory.models import Commune, Department, Region

Territory = Commune | Department | Region


class WhereKind(StrEnum):
    """What was understood."""

    NONE = "none"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    REGION = "region"
    ADDRESS = "address"
    POSITION = "position"
    CHOICES = "choices"
    UNKNOWN = "unknown"


class Note(StrEnum):
    """What must be said of the point that distances are told from."""

    NONE = ""
    ADDRESS_NOT_FOUND = "address-not-found"
    GEOCODER_UNAVAILABLE = "geocoder-unavailable"
    ADDRESS_NOT_READ = "address-not-read"


@dataclass(frozen=True)
class Where:
    """What was typed and what it means. `choices` are other territories that it may mean."""

    kind: WhereKind
    query: str = ""
    commune: Commune | None = None
    department: Department | None = None
    region: Region | None = None
    corrected: bool = False
    choices: Sequence[Territory] = field(default_factory=tuple)
    address: str = ""
    precise_point: tuple[float, float] | None = None
    note: Note = Note.NONE

    @property
    def label(self) -> str:
        """Return the territory's name with its department, "" when none was understood."""
        if self.address:
            return self.address
        if self.commune:
            return f"{self.commune.name} ({self.commune.department.name})"
        return str(self.department or self.region or "")

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees of what was typed; None when there is none."""
        return self.precise_point or (self.commune.point if self.commune else None)


def text_for(territory: Territory) -> str:
    """Return the text that names this territory and no other, for a link or a form."""
    if isinstance(territory, Commune):
        return f"{territory.name} ({territory.department_id})"
    return territory.code if isinstance(territory, Department) else territory.name
