"""The whole job on embedded parts, shown to a person."""
