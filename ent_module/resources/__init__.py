"""The room `resources`."""
