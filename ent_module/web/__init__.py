"""How pages are served: URL tables, our own session and CSRF, headers, errors, language, quick exit, page parts.

It knows neither schools nor roles: who may use an endpoint is an object of the table that answers `admits(person)`,
and who is here is found by a callable that the extension hands in.
"""
