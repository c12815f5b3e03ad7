"""Makes golden documents and what is expected of them anew: `python -m tests.golden.rewrite NAME…`.

The only way to do so. What it writes is what the reader says now: read the difference before you
commit it, since the tests hold it against what was written into the form, but not every box.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parsers.output import to_json
from tests.golden.samples import SAMPLES
from tests.samples.reading import read

FOLDER = Path(__file__).parent


def expected(content: bytes) -> dict[str, object]:
    """What `extract --json` prints of a document, but for the file's name."""
    return json.loads(json.dumps(to_json(read(content), None)))  # type: ignore[no-any-return] # an object


def rewrite(name: str) -> None:
    """Both files of one sample. A document that is random is made only once, and one that was not
    made here (a real form, filled in about nobody) is only read.
    """
    sample = SAMPLES.get(name)
    path = FOLDER / f"{name}{'.pdf' if sample is None else sample.suffix}"
    if sample is not None and not (sample.random and path.exists()):
        path.write_bytes(sample.make())
    said = json.dumps(expected(path.read_bytes()), ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(said + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:]:
        rewrite(each)
