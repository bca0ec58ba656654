"""The machine stops, again and again, while a survey is closed and pupils are still sending.

The process that closes is killed as by `kill -9` before each of its statements that touch a survey, while other
processes send ballots. Then it is repeated, as the next tick repeats it. Whatever was acknowledged must stand in the
closing record, once: counted, blank or spoilt. A closing that deletes before it writes proves that a loss is seen.

What does not belong here: what an attacker learns from a closing that was broken off (`tools/attack`).
"""
