"""Files by their path in the storage that FILES_URL names."""

from __future__ import annotations

from django.core.files.base import ContentFile

from podium.core.storages import storage
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tests.testserver.faults import NotBuilt

FOLDER = "testserver"
"""The prefix of each path, so that nothing else in the storage is changed."""


def _key(path: str) -> str:
    return f"{FOLDER}/{path}"


class CloudStorageEndpoint(Endpoint):
    """Files that a client names by their path. Podium's own are named by an id and belong to a user (files/)."""

    def store_public_file(self, call: Call, path: str, byte_data: bytes) -> None:
        """Store the file, replacing an existing one."""
        storage().delete(_key(path))
        storage().save(_key(path), ContentFile(byte_data))

    def retrieve_public_file(self, call: Call, path: str) -> bytes | None:
        if not storage().exists(_key(path)):
            return None
        with storage().open(_key(path)) as file:
            return bytes(file.read())

    def exists_public_file(self, call: Call, path: str) -> bool | None:
        return storage().exists(_key(path))

    def delete_public_file(self, call: Call, path: str) -> None:
        storage().delete(_key(path))

    def get_public_url_for_file(self, call: Call, path: str) -> str | None:
        """Not implemented: files have no public URL; download URLs are signed and expire (files/addresses.py)."""
        raise NotBuilt

    def get_direct_file_post_url(self, call: Call, path: str) -> str | None:
        """Not implemented: an upload belongs to a user and gets an id (FilesEndpoint), not a path chosen by clients."""
        raise NotBuilt

    def verify_direct_file_upload(self, call: Call, path: str) -> bool:
        """Return whether the file exists."""
        return storage().exists(_key(path))

    def reset(self, call: Call) -> None:
        """Delete all files that these methods stored."""
        _delete_below(FOLDER)


def _delete_below(folder: str) -> None:
    if not storage().exists(folder):
        return
    folders, names = storage().listdir(folder)
    for name in names:
        storage().delete(f"{folder}/{name}")
    for name in folders:
        _delete_below(f"{folder}/{name}")


class S3CloudStorageEndpoint(Endpoint):
    """The same on S3. FILES_URL chooses the storage; a server has one."""

    def store_public_file(self, call: Call, path: str, byte_data: bytes) -> None:
        CloudStorageEndpoint().store_public_file(call, path, byte_data)

    def retrieve_public_file(self, call: Call, path: str) -> bytes | None:
        return CloudStorageEndpoint().retrieve_public_file(call, path)

    def exists_public_file(self, call: Call, path: str) -> bool | None:
        return CloudStorageEndpoint().exists_public_file(call, path)

    def delete_public_file(self, call: Call, path: str) -> None:
        CloudStorageEndpoint().delete_public_file(call, path)

    def get_public_url_for_file(self, call: Call, path: str) -> str | None:
        """Not built, as above."""
        raise NotBuilt

    def get_direct_file_post_url(self, call: Call, path: str) -> str | None:
        """Not built, as above."""
        raise NotBuilt

    def verify_direct_file_upload(self, call: Call, path: str) -> bool:
        return CloudStorageEndpoint().verify_direct_file_upload(call, path)


class UploadEndpoint(Endpoint):
    def upload_byte_data(self, call: Call, path: str, data: bytes) -> bool:
        """Return whether the file exists after it was stored."""
        CloudStorageEndpoint().store_public_file(call, path, data)
        return storage().exists(_key(path))
