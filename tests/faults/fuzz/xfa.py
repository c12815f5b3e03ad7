"""Random damage to the XML of an XFA form."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf

from tests.faults.fuzz import markup, octets

if TYPE_CHECKING:
    import random


def packets(content: bytes, dice: random.Random) -> bytes:
    """One of its packets damaged, the PDF around it sound."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        xfa = pdf.Root.AcroForm.XFA
        if isinstance(xfa, pikepdf.Array):
            packet = xfa[dice.randrange(len(xfa) // 2) * 2 + 1]
        else:
            packet = xfa
        change = dice.choice([*markup.ALL, *markup.ALL, *octets.ALL])
        packet.write(change(packet.read_bytes(), dice))
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def order(content: bytes, dice: random.Random) -> bytes:
    """Packets in another order, twice, or under another's name."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        xfa = pdf.Root.AcroForm.XFA
        if isinstance(xfa, pikepdf.Array):
            kept = list(xfa)
            dice.shuffle(kept)
            pdf.Root.AcroForm.XFA = pikepdf.Array(kept[: dice.randrange(len(kept) + 1)] * 2)
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True)
        return buffer.getvalue()


ALL = (packets, packets, packets, order)
