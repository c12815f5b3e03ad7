"""How forms were made with programs that are not ours; see README.md."""
