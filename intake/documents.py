"""The reader of documents, as the settings want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.settings_file import config_dir
from parsers.reader import Ocr, Reader

if TYPE_CHECKING:
    from intake.settings import ParsingSettings
    from parsers.isolation import Isolation


def reader(isolation: Isolation, parsing: ParsingSettings) -> Reader:
    """Reads in children of an Isolation, within the limits of `[parsing]`."""
    never = parsing.ocr == "never"
    return Reader(
        config_dir(),
        isolation,
        seconds_per_document=parsing.seconds_per_document,
        megabytes_per_document=parsing.megabytes_per_document,
        ocr=None
        if never
        else Ocr(seconds_per_page=parsing.ocr_seconds_per_page, megabytes=parsing.ocr_megabytes),
    )
