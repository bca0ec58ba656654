"""The home page of each profile, made of the rooms' tiles. It knows no room by name."""
