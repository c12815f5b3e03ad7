"""Word documents written by hand: a zip, and XML as Word writes it."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_W}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml">'
)
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types '
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
PLACEHOLDER = '<w:rStyle w:val="PlaceholderText"/>'


def packed(document: str, *, extra: dict[str, str] | None = None) -> bytes:
    """A file whose main part is this; the same bytes at every run."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": document,
        **(extra or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def document(*blocks: str) -> bytes:
    return packed(f"{_HEAD}<w:body>{''.join(blocks)}<w:sectPr/></w:body></w:document>")


def run(text: str, look: str = "") -> str:
    """One run; tabs and line ends as Word writes them."""
    inner = ""
    for line_number, line in enumerate(text.split("\n")):
        inner += "<w:br/>" if line_number else ""
        for number, part in enumerate(line.split("\t")):
            inner += "<w:tab/>" if number else ""
            inner += f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
    return f"<w:r><w:rPr>{look}</w:rPr>{inner}</w:r>"


def paragraph(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


def lines(text: str, look: str = "") -> str:
    """A paragraph for each line."""
    return "".join(paragraph(run(line, look) if line else "") for line in text.split("\n"))


def cell(inner: str, *, span: int = 1) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{spanned}</w:tcPr>{inner or '<w:p/>'}</w:tc>"


def table(*rows: tuple[str, ...]) -> str:
    made = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def control(inner: str, *, about: str = "<w:text/>", empty: bool = False) -> str:
    shown = "<w:showingPlcHdr/>" if empty else ""
    return f"<w:sdt><w:sdtPr>{shown}{about}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def box(*, on: bool) -> str:
    about = f'<w14:checkbox><w14:checked w14:val="{int(on)}"/></w14:checkbox>'
    return control(run("☒" if on else "☐"), about=about)


def legacy_text(text: str, *, default: str = "") -> str:
    shown = run(text) if text else run("\u2002" * 5)
    data = f"<w:textInput><w:default w:val={quoteattr(default)}/></w:textInput>"
    return _legacy(data, " FORMTEXT ", shown)


def legacy_box(*, on: bool) -> str:
    state = '<w:default w:val="0"/>' + ("<w:checked/>" if on else "")
    return _legacy(f"<w:checkBox><w:sizeAuto/>{state}</w:checkBox>", " FORMCHECKBOX ", "")


def legacy_menu(entries: tuple[str, ...], chosen: int | None) -> str:
    result = "" if chosen is None else f'<w:result w:val="{chosen}"/>'
    listed = "".join(f"<w:listEntry w:val={quoteattr(each)}/>" for each in entries)
    return _legacy(f"<w:ddList>{result}{listed}</w:ddList>", " FORMDROPDOWN ", "")


def _legacy(data: str, code: str, shown: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:enabled/>{data}</w:ffData>'
        f'</w:fldChar></w:r><w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(inner: str) -> str:
    """A text box as Word writes it: twice, once for older programs."""
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
