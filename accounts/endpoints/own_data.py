"""What a person may ask of their own data: a copy of it, its deletion, and what they agreed to."""

from __future__ import annotations

from typing import ClassVar

from accounts import consents, deletion, export, reauthentication
from accounts.callers import person
from accounts.models import Consent
from accounts.protocol import AccountDeletion, ConsentInfo, DataExport
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, rate_limit


class AccountDataEndpoint(Endpoint):
    """A person's own data: export, deletion, consents."""

    require_login: ClassVar[bool] = True

    def delete_account(
        self, call: Call, *, password: str | None = None, second_factor_code: str | None = None
    ) -> AccountDeletion:
        """Delete the account of who calls; all devices are signed out, this one too.

        Needs a sign-in of the last minutes, or the password (with a code where there is a second factor). Throws
        ReauthenticationException.
        """
        user = person(call)
        reauthentication.require(call, user, password=password, code=second_factor_code)
        return AccountDeletion(deletes_at=deletion.request(user, call=call))

    @rate_limit("20/h")
    def export_data(self, call: Call) -> DataExport:
        """The address of a ZIP with all that is stored of who calls, good for some minutes: open it in a browser."""
        url, expires_at = export.address(person(call), call=call)
        return DataExport(url=url, expires_at=expires_at)

    def give_consent(self, call: Call, document: str, version: str) -> ConsentInfo:
        """Note that who calls agrees to this version of a document. A second time changes nothing."""
        return _info(consents.give(person(call), document, version, call=call))

    def withdraw_consent(self, call: Call, document: str) -> list[ConsentInfo]:
        """Note that who calls does not agree any more, to no version. Gives what was taken back; 404 without any."""
        return [_info(each) for each in consents.withdraw(person(call), document, call=call)]

    def list_consents(self, call: Call) -> list[ConsentInfo]:
        """What who calls agreed to, newest first, also what was taken back."""
        return [_info(each) for each in consents.of(person(call))]


def _info(consent: Consent) -> ConsentInfo:
    return ConsentInfo(
        document=consent.document,
        version=consent.version,
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
    )
