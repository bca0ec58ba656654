"""Work that no request does: a lease table in the same database and its tick.

Each job is a room's and may run twice: a lease keeps two ticks from doing the same work at once, it does not promise
once only. What does not belong here: what the jobs do.
"""
