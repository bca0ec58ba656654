"""The room `lti`."""
