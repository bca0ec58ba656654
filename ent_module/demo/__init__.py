"""A small portal of its own and a town of schools, to try the module. Nothing imports it."""
