"""The attack: classes answer through HTTP, somebody takes every file, and guesses whose answers are whose.

`stage` serves an installation, `voter` is a pupil's browser, `world` lets a class answer, `closer` counts in a process
of its own, `spoils` reads what the attacker got, `strategies` guess, `variants` are applications with one mistake each
on which every strategy proves itself, `report` adds up. docs/attack.md says what the numbers mean.

What does not belong here: anything that the module needs. The mistakes are made by this package's own code.
"""
