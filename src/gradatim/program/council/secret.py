"""How a choice in a secret ballot is kept while the ballot is open: sealed by a key that is not in the database.

It has to be kept, because it can be changed until the close. A copy of the database made meanwhile does not show it, and
every sealed choice has the same length. At the close the choices are counted and erased.
"""

from __future__ import annotations

from gradatim.program.council.models import Vote
from gradatim.program.credentials import sealing

_LETTER = {Vote.Choice.FOR: b"+", Vote.Choice.AGAINST: b"-", Vote.Choice.ABSTAIN: b"0"}
_CHOICE = {letter: choice for choice, letter in _LETTER.items()}


def seal(elector: int, choice: str) -> bytes:
    """A choice, sealed for one elector.

    Args:
        elector: the elector's key; sealed for one it does not open for another.
        choice: for, against or abstain.
    """
    return sealing.seal(_LETTER[Vote.Choice(choice)], bound_to=f"vote of elector {elector}")


def unseal(elector: int, sealed: bytes) -> str:
    """The choice again.

    Raises:
        Refused: ``key-sealed``, when the sealing key is another one than it was.
    """
    return _CHOICE[sealing.unseal(sealed, bound_to=f"vote of elector {elector}")]
