"""What the room says: the writer's words by audience (`writer`), the group's (`group`). Templates hold the rest."""
