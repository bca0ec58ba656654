"""Schools and the levels above them: who they are, what they set, when they are open.

People are not here (`identity`), and neither are the pages on which settings are changed (`setup`).
"""
