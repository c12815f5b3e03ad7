"""Pictures that were made to break a reader end as a result, within their limits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.isolation import Isolation
from parsers.reader import Reader, preparation
from tests.faults.fuzz.run import unsound
from tests.faults.fuzz.watch import keep_files_in, kin
from tests.samples import hostile_images
from tests.samples.reading import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONFIG = Path(__file__).parents[2] / "config"
SECONDS = 6.0
AWAY = f"{keep_files_in.__module__}:{keep_files_in.__name__}"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def reader(scratch: Path) -> Iterator[Reader]:
    isolation = Isolation((AWAY, {"folder": str(scratch)}), preparation(CONFIG))
    yield Reader(CONFIG, isolation, seconds_per_document=SECONDS, megabytes_per_document=1024)
    isolation.close()


@pytest.mark.parametrize("make", hostile_images.ALL, ids=lambda make: make.__name__)
def test_a_hostile_picture_ends_as_a_result(
    reader: Reader, scratch: Path, make: Callable[[], bytes]
) -> None:
    reader.read(b"%PDF-1.7", TODAY)  # the warm process is there
    before = kin()
    content = make()
    assert len(content) < 25 << 20
    began = time.monotonic()
    extraction = reader.read(content, TODAY)
    assert time.monotonic() - began < SECONDS + 2
    assert list(unsound(extraction)) == []
    assert kin() <= before
    assert list(scratch.iterdir()) == []
