"""Addresses of services with throw-away mailboxes, from the list of the package disposable-email-domains.

Relays that forward to a user's mailbox, such as Apple's and Firefox's, are not in it.
"""

from __future__ import annotations

from disposable_email_domains import blocklist

from accounts.conf import conf


def is_refused(address: str) -> bool:
    """Test whether an address is of such a service or a subdomain of one, and ACCOUNTS_ALLOW_DISPOSABLE is off."""
    labels = address.rpartition("@")[2].lower().split(".")
    return not conf.ALLOW_DISPOSABLE and any(
        ".".join(labels[first:]) in blocklist for first in range(len(labels) - 1)
    )
