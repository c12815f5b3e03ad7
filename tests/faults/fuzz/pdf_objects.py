"""Random damage to the objects of a PDF that is written without a fault."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence


def confused(content: bytes, dice: random.Random) -> bytes:
    """Some entries of its dictionaries gone, or others than they were."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        held = [each for each in pdf.objects if isinstance(each, (Dictionary, pikepdf.Stream))]
        for _ in range(dice.choice([1, 1, 2, 6])):
            _confuse(dice.choice(held), held, dice)
        return _saved(pdf)


def crossed(content: bytes, dice: random.Random) -> bytes:
    """Two dictionaries that have changed the values of a key with each other."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        held = [each for each in pdf.objects if isinstance(each, (Dictionary, pikepdf.Stream))]
        key = dice.choice(["/Rect", "/FT", "/T", "/Parent", "/Contents", "/Resources", "/AS", "/AP",
                           "/MediaBox", "/Annots", "/Kids", "/Subtype", "/Ff", "/DA"])  # fmt: skip
        have = [each for each in held if key in each]
        if len(have) > 1:
            first, second = dice.sample(have, 2)
            # An object must not be set while the other half still refers to it: take both out.
            one, other = first[key], second[key]
            first[key], second[key] = other, one
        return _saved(pdf)


def turned(content: bytes, dice: random.Random) -> bytes:
    """Pages turned, enlarged, cropped, moved."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            match dice.randrange(4):
                case 0:
                    page.obj.Rotate = dice.choice([90, 180, 270, 360, -90, 45, 1 << 40])
                case 1:
                    page.obj.MediaBox = _box(dice)
                case 2:
                    page.obj.CropBox = _box(dice)
                case _:
                    page.obj.UserUnit = dice.choice([2, 0, -1, 75000])
        return _saved(pdf)


def _box(dice: random.Random) -> Array:
    edges = [dice.choice([0, -100, 12, 595, 842, 14400, 1 << 33]) for _ in range(4)]
    return Array(edges)


def _confuse(one: pikepdf.Object, held: Sequence[pikepdf.Object], dice: random.Random) -> None:
    keys = sorted(key for key in one.keys() if key != "/Length")  # noqa: SIM118 - else pairs
    if not keys:
        return
    key = dice.choice(keys)
    match dice.randrange(3):
        case 0:
            del one[key]
        case 1:
            one[key] = _odd(one, held, dice)
        case _:
            if isinstance(one[key], Array) and len(one[key]) > 0:
                one[key][dice.randrange(len(one[key]))] = _odd(one, held, dice)
            else:
                one[dice.choice(keys)] = _odd(one, held, dice)


def _odd(one: pikepdf.Object, held: Sequence[pikepdf.Object], dice: random.Random) -> object:
    return dice.choice([
        0, -1, 1 << 31, 1 << 62, True, Name("/Odd"), Name("/Yes"), Name("/Off"), String(""),
        String("odd"), String("\x00\ufffe\U0001f642"), Array([]), Array([1, 2, 3, 4]),
        Array([0, 0, 99999, 99999]), Dictionary(), Dictionary(Odd=1), one, dice.choice(held),
        Array([one, one]), Array([dice.choice(held) for _ in range(3)]),
    ])  # fmt: skip


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fields that lead nowhere are what is wanted
        pdf.save(buffer, static_id=True)
    return buffer.getvalue()


ALL = (confused, confused, crossed, turned)
