"""A leaf: a finished notification goes out over one channel."""
