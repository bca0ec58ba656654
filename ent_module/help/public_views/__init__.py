"""The writer's side: the form and its confirmation (`writing`), and the way back with the code (`back`)."""
