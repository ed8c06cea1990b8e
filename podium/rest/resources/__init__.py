"""A REST resource for each model with access rules, without code in the app. docs/reference/rest.md

The handler knows neither Django's requests nor ASGI's. Two entries lead to it: a view set for browsers with a session
(viewsets.py), and the server's own for programs with a token, which is several times as fast (asgi.py).

registry.py     the resources, and their paths
messages.py     a request and its answer, as both entries give and get them
values.py       one value: in a query string, in JSON
parameters.py   a query string -> a list
bodies.py       a body -> rows to store
forms.py        rows -> JSON
versions.py     ETag, If-Match, If-None-Match
idempotency.py  Idempotency-Key
handler.py      a request -> its answer
viewsets.py     the entry through Django
asgi.py         the entry before Django
description.py  OpenAPI, with components.py and described_parameters.py
checks.py       `manage.py check`
"""
