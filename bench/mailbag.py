"""Messages as mail programs send the form: 400 kB on the wire, an HTML body with a logo, a PDF."""

from __future__ import annotations

import io
import random
import zlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pikepdf

from intake.app import utc_now
from tests.samples import form, people

FORMS = ("fillable", "flattened")
_DOCUMENT_BYTES = 260_000
_LOGO_SIDE = 100
_TEXT = "Please find a referral form attached. Our reference is {number}.\n"


def document(kind: str, number: int = 0) -> bytes:
    """A form of `kind`, filled in, as heavy as those with embedded fonts and a crest are; about
    another person for each number, or it would be a further copy.
    """
    answers = people.ADULT | {"individual.surname": f"Okafor-Lind {number}"}
    made = {"fillable": form.fillable, "flattened": form.flattened}[kind](answers)
    return _with_crest(made, _DOCUMENT_BYTES - len(made))


def message(number: int, to: str, attached: bytes) -> tuple[str, bytes]:
    """The sender and the bytes of one message; no two have the same of either."""
    sender = f"referrer-{number}@school.example.org"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Sam Sample <{sender}>"
    mail["To"] = to
    mail["Subject"] = "Prevent referral"
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<bench-{number}@school.example.org>"
    text = _TEXT.format(number=number)
    mail.set_content(text)
    mail.add_alternative(f'<p>{text}</p><img src="cid:logo@school.example.org">', subtype="html")
    html = list(mail.iter_parts())[1]
    html.add_related(
        _png(number), "image", "png", cid="<logo@school.example.org>", disposition="inline"
    )
    mail.add_attachment(
        attached, maintype="application", subtype="pdf", filename="Prevent referral.pdf"
    )
    return sender, mail.as_bytes()


def _with_crest(made: bytes, weight: int) -> bytes:
    """An image of `weight` bytes that no compression makes smaller, drawn small on the first page,
    where it covers nothing.
    """
    side = int((weight / 3) ** 0.5)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        crest = pdf.make_stream(
            random.Random(1).randbytes(side * side * 3),  # noqa: S311 - noise, not a secret
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=side,
            Height=side,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
        )
        page = pdf.pages[0]
        name = page.add_resource(crest, pikepdf.Name.XObject)
        page.contents_add(b"q 8 0 0 8 8 8 cm %s Do Q" % str(name).encode())
        buffer = io.BytesIO()
        pdf.save(buffer, compress_streams=False)
        return buffer.getvalue()


def _png(seed: int) -> bytes:
    """A logo of noise, another for each message."""
    side = _LOGO_SIDE
    noise = random.Random(seed)  # noqa: S311 - noise, not a secret
    rows = b"".join(b"\x00" + noise.randbytes(side * 3) for _ in range(side))
    header = side.to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)
        for kind, content in chunks
    )
