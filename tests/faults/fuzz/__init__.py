"""Documents with random damage, put through the reader; what must hold of each is in `run`."""
