"""`extract`: read documents, nothing else."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

from intake import documents
from intake.commands import output, picturing
from intake.commands.abreast import abreast, children
from intake.commands.status import Status
from intake.settings_file import config_dir
from parsers.isolation import Isolation
from parsers.output import to_json
from parsers.pictures import Pictures
from parsers.reader import preparation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from intake.settings import ParsingSettings
    from parsers.model import Extraction


def extract(
    files: Sequence[Path],
    parsing: ParsingSettings,
    *,
    today: date,
    as_json: bool,
    pictures: Path | None = None,
) -> Status:
    """One JSON line, or one table, a file, in the order given; several are read at once. The pages
    of the forms are drawn into the folder `pictures`; where they lie goes to standard error.
    """
    status = Status.DONE
    if pictures is not None and (fault := picturing.made(pictures)):
        sys.stderr.write(fault)
        return Status.WRONG
    with (
        closing(Isolation(preparation(config_dir()))) as isolation,
        output.progress("documents") as progress,
    ):
        reader = documents.reader(isolation, parsing)
        drawing = Pictures(
            isolation,
            seconds_per_page=parsing.seconds_per_document,
            megabytes_per_page=parsing.megabytes_per_document,
        )

        def read(path: Path) -> tuple[bytes, Extraction] | OSError:
            try:
                content = path.read_bytes()
            except OSError as error:
                return error
            return content, reader.read(content, today)

        at_once = children(parsing.megabytes_per_document)
        with closing(abreast(read, files, at_once=at_once)) as results:
            for number, (path, said) in enumerate(zip(files, results, strict=True), start=1):
                progress(number, len(files))
                if isinstance(said, OSError):
                    sys.stderr.write(f"{path}: can't be read ({said.strerror}); check the path\n")
                    status = Status.WRONG
                    continue
                content, extraction = said
                shown = to_json(extraction, file=str(path))
                if as_json:
                    output.json_lines([shown])
                else:
                    _show(shown)
                if pictures is not None:
                    drawn = drawing.of(content, extraction)
                    status = max(status, picturing.keep(path, extraction, drawn, pictures))
    return status


def _show(read: dict[str, Any]) -> None:
    why = f" ({read['reason']})" if read["reason"] else ""
    lines = [
        [form["version"], key, answer["value"], answer["page"], answer["method"]]
        for form in read["forms"]
        for key, answer in form["fields"].items()
    ]
    title = f"{read['file']}: {read['readability']}{why}"
    output.table(title, ["version", "field", "value", "page", "method"], lines)
    for form in read["forms"]:
        for warning in form["warnings"]:
            sys.stderr.write(f"{warning['field'] or 'form'}: {warning['code']}\n")
