"""How much of what was written into a form comes out right, by kind of document."""
