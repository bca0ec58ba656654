"""What the room says: before writing (`writer`), in the form (`form`), once sent (`receipt`), at the desk (`group`).

Templates hold the rest. What does not belong here: anything that is decided.
"""
