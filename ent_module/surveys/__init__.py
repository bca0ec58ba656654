"""The room `surveys`."""
