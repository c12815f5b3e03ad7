"""Sample referral forms as XFA: dynamic ("Please wait…"), or beside fields of the usual kind."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pikepdf

from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field

_XDP = '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">'
_TEMPLATE = '<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">'
_DATA = '<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data>'


def name(key: str) -> str:
    return key.replace(".", "_")


def template(*, tooltips: bool = False, references: bool = False) -> str:
    """Captions beside the fields, or with `tooltips` only these; names, or with `references` only
    paths lead to the data.
    """
    made = f'{_TEMPLATE}<subform name="form1" layout="tb">{draw(spec().titles[0])}'
    for section in spec().sections:
        made += f"<subform name={quoteattr(section.key)}>{draw(section.heading)}"
        made += "".join(draw(each) for each in (section.lead or "", *section.prompts) if each)
        alone = len(section.fields) == 1
        for field in section.fields:
            made += _field(field, tooltips=tooltips, references=references, alone=alone)
        made += "</subform>"
    return f"{made}</subform></template>"


def draw(text: str) -> str:
    return f"<draw><value><text>{escape(text)}</text></value></draw>"


def _field(field: Field, *, tooltips: bool, references: bool, alone: bool) -> str:
    told = f"<assist><toolTip>{escape(field.label)}</toolTip></assist>" if tooltips else _of(field)
    told = "" if alone else told
    own, bind = name(field.key), ""
    if references:
        own, bind = "Field", f'<bind match="dataRef" ref="$.{own}"/>'
    if field.kind == "yes_no":
        items = "".join(
            f"<field><ui><checkButton/></ui><caption><value><text>{each}</text></value></caption>"
            f"<items><text>{each[0]}</text></items></field>"
            for each in ("Yes", "No")
        )
        return f'<exclGroup name="{own}">{bind}{told}{items}</exclGroup>'
    return f'<field name="{own}">{bind}{told}<ui><textEdit multiLine="1"/></ui></field>'


def _of(field: Field) -> str:
    return f"<caption><value><text>{escape(field.label)}</text></value></caption>"


def datasets(answers: Mapping[str, str], *, extra: str = "") -> str:
    made = f"{_DATA}<form1>"
    for section in spec().sections:
        made += f"<{section.key}>"
        for field in section.fields:
            text = answers.get(field.key, "")
            text = {"yes": "Y", "no": "N"}[text] if field.kind == "yes_no" and text else text
            made += f"<{name(field.key)}>{escape(text)}</{name(field.key)}>"
        made += f"</{section.key}>"
    return f"{made}{extra}</form1></xfa:data></xfa:datasets>"


def with_xfa(content: bytes, *packets: str, joined: bool = False) -> bytes:
    """A PDF with these packets of XML: in one stream, or one stream each."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        parts = [_XDP, *packets, "</xdp:xdp>"]
        if joined:
            xfa: pikepdf.Object = pdf.make_stream("".join(parts).encode())
        else:
            names = ["preamble", "template", "datasets", *(["x"] * 9)][: len(parts) - 1]
            streams = [pdf.make_indirect(pdf.make_stream(each.encode())) for each in parts]
            pairs = zip([*names, "postamble"], streams, strict=True)
            xfa = pikepdf.Array([part for n, s in pairs for part in (pikepdf.String(n), s)])
        if "/AcroForm" not in pdf.Root:
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
        pdf.Root.AcroForm.XFA = xfa
        buffer = io.BytesIO()
        pdf.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return buffer.getvalue()
