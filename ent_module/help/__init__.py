"""The room `help`."""
