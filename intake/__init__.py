"""The application: one message in, one case recorded, the right people told."""
