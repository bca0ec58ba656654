"""Questionnaires from and for other survey programs: XLSForm both ways (ODK, KoboToolbox), LimeSurvey inwards.

Bytes in, data of our schema and a list of what was not carried over out; or data in, bytes out. Files are by anybody:
what cannot be read safely is refused with a reason, what cannot be said here is listed with its place, and what would
tell who answers is refused with a sentence that says why.

What does not belong here: requests, the database, whether the result is a good questionnaire (`surveys.content`), and
any answer: only questions travel.
"""
