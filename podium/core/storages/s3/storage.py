"""django-storages' S3, with signed URLs for direct uploads and downloads by clients."""

from __future__ import annotations

from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

# Checksums only where S3 requires them: otherwise a URL signed in advance would have the checksum of an empty body.
CONFIG = Config(
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=5,  # seconds
    read_timeout=30,  # seconds
    retries={"total_max_attempts": 3},
)


class S3FileStorage(S3Storage):
    """Files in a bucket of S3 or a compatible service."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = self.client_config.merge(CONFIG)

    def get_default_settings(self) -> dict[str, Any]:
        """once: a URL accepts bytes only once (If-None-Match, which some older compatible services do not support)."""
        return {**super().get_default_settings(), "once": True}

    def presign_upload(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> tuple[str, dict[str, str]]:
        """The URL for a PUT of exactly `size` bytes, and its headers; length and type are part of the signature."""
        headers = {"Content-Type": content_type}
        parameters = {
            "Bucket": self.bucket_name,
            "Key": self._normalize_name(key),
            "ContentType": content_type,
            "ContentLength": size,
        }
        if self.once:
            headers["If-None-Match"] = parameters["IfNoneMatch"] = "*"
        url = self.connection.meta.client.generate_presigned_url(
            "put_object", Params=parameters, ExpiresIn=seconds, HttpMethod="PUT"
        )
        return str(url), headers

    def presign_download(self, key: str, *, content_type: str, disposition: str, seconds: int) -> str:
        answer = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        return str(self.url(key, parameters=answer, expire=seconds))
