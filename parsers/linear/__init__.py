"""Documents without pages, read in the order in which they are written."""
