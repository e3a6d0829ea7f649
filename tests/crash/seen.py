"""What the world has seen of the collector: the answers that clients got and the letters that arrived."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Arrived:
    """A letter in somebody's mailbox."""

    to: str
    subject: str
    id: str  # Message-ID
    page: str  # path of the registrant's own page; empty when the letter has none


@dataclass
class Seen:
    """Each address signs up for one lecture only, so it names the sign-up."""

    tried: Counter[str] = field(default_factory=Counter)  # how often a sign-up was posted
    lecture: dict[str, str] = field(default_factory=dict)  # slug by address
    answered: dict[str, str] = field(default_factory=dict)  # "confirmed" or "waiting", as the collector answered
    cancelled: set[str] = field(default_factory=set)  # told so by the collector
    refused: int = 0  # answers 503
    letters: list[Arrived] = field(default_factory=list)
