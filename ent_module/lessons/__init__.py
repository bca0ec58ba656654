"""The room `lessons`."""
