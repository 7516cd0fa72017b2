"""What a mail server's refusal means for one e-mail: gone for good, later, or nobody knows."""

import re
import smtplib
from dataclasses import dataclass

from directory.models import RequestState
from directory.moderation.campaigns.letters import one_line

ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
DEAD_STATUS = re.compile(r"5\.(?:1\.\d+|2\.[01]|4\.\d+)$")
"""RFC 3463: no such mailbox or domain, mailbox closed, no route. A full one (5.2.2) may empty."""
DEAD_CODES = frozenset({550, 551, 553})
EMAIL = re.compile(r"\S+@\S+")


@dataclass(frozen=True)
class Verdict:
    """`is_dead`: never this address again. `stops`: nothing else leaves now; `pauses`: nor later,
    until a moderator says so: the fault is ours."""

    state: RequestState
    reason: str = ""
    is_dead: bool = False
    stops: bool = False
    pauses: bool = False


def judge(error: Exception) -> Verdict:
    """Judge what was raised once the server was spoken to.

    Only an answer of the server is believed. A connection that drops may have delivered: UNSURE.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _answered(code, _text(text))
    if isinstance(error, smtplib.SMTPSenderRefused):
        said = reason(error.smtp_code, error.smtp_error)
        return Verdict(RequestState.QUEUED, said, stops=True, pauses=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPDataError):
        verdict = _answered(error.smtp_code, _text(error.smtp_error))
        # What is refused then is the message: it says nothing of the address.
        return Verdict(verdict.state, verdict.reason)
    return Verdict(RequestState.UNSURE, type(error).__name__)


def reason(code: int, text: object) -> str:
    """Return an answer in a few words, without the address it may quote."""
    return f"{code} {EMAIL.sub('…', one_line(_text(text)))}"[:240]


def is_dead(status: str) -> bool:
    """Tell whether an enhanced status (RFC 3463) means that an address will never work."""
    return bool(DEAD_STATUS.match(status))


def _answered(code: int, text: str) -> Verdict:
    if code < 500:
        return Verdict(RequestState.QUEUED, reason(code, text))
    found = ENHANCED.search(text)
    dead = is_dead(found[1]) if found else code in DEAD_CODES
    return Verdict(RequestState.BOUNCED, reason(code, text), is_dead=dead)


def _text(told: object) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
