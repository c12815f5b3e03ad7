"""Pictures that were made to break a reader end as a result, within their limits."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.isolation import Isolation
from parsers.reader import Ocr, Reader, preparation
from tests.faults.fuzz.run import unsound
from tests.faults.fuzz.watch import keep_files_in, kin
from tests.samples import hostile_images
from tests.samples.reading import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONFIG = Path(__file__).parents[2] / "config"
SECONDS = 5.0
OCR = Ocr(seconds_per_page=1, megabytes=1536)
PAGES = 40
MAKERS = (*hostile_images.ALL, *(hostile_images.MANY if "SLOW_PICTURES" in os.environ else ()))
AWAY = f"{keep_files_in.__module__}:{keep_files_in.__name__}"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def reader(scratch: Path) -> Iterator[Reader]:
    isolation = Isolation((AWAY, {"folder": str(scratch)}), preparation(CONFIG))
    yield Reader(
        CONFIG, isolation, seconds_per_document=SECONDS, megabytes_per_document=1024, ocr=OCR
    )
    isolation.close()


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_hostile_picture_ends_as_a_result(
    reader: Reader, scratch: Path, make: Callable[[], bytes]
) -> None:
    reader.read(b"%PDF-1.7", TODAY)  # the warm process is there
    before = kin()
    content = make()
    assert len(content) < 25 << 20
    began = time.monotonic()
    extraction = reader.read(content, TODAY)
    # A page may take its time; so may opening, both times, and what was begun has to end.
    many = make in hostile_images.MANY
    pictures = OCR.seconds_per_page * (PAGES if many else 1)
    assert time.monotonic() - began < 3 * SECONDS + pictures + 2
    assert list(unsound(extraction)) == []
    assert kin() <= before
    assert list(scratch.iterdir()) == []
