"""Talk to an adult: the writer's side, and the desk of the listening group that reads, answers and hands over.

What a writer says is sealed when it arrives (`sealing`); who may read is decided then and never widened by a query.
Not here: who is a listener (`identity`), settings and their pages (`setup`), what a school decides to follow once it
has read (`cases`), and anything that would call for help by itself: this room is no emergency service.
"""
