"""Answers to requests with an Idempotency-Key. Written by resources/idempotency.py."""

from __future__ import annotations

from django.db import models

from podium.core import clock


class StoredAnswer(models.Model):
    """The answer to a change, sent again if the client repeats its request.

    id           a hash of the user's key and the Idempotency-Key
    fingerprint  a hash of the request
    """

    id = models.CharField(primary_key=True, max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now, db_index=True)
