"""Makes the forms of `referral-intake demo` anew: `python -m tests.samples.demo`."""

from __future__ import annotations

from pathlib import Path

from tests.samples import form, people

FOLDER = Path(__file__).parents[2] / "intake" / "demo" / "samples"


def made() -> dict[str, bytes]:
    """Each file's name and bytes. The locked one differs at every run (its salt is random)."""
    return {
        "clean.pdf": form.fillable(people.ADULT),
        "flattened.pdf": form.flattened(people.CHILD),
        "gaps.pdf": form.fillable(people.DOUBTFUL),
        "unreadable.pdf": form.password_protected(people.ADULT),
    }


if __name__ == "__main__":
    for name, content in made().items():
        (FOLDER / name).write_bytes(content)
