"""A user's own data: export, deletion and consents."""

from __future__ import annotations

from typing import ClassVar

from accounts.callers import caller
from accounts.data import consents, deletion, export
from accounts.models import Consent
from accounts.protocol import AccountDeletion, ConsentInfo, DataExport
from accounts.sign_in import reauthentication
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, rate_limit


class AccountDataEndpoint(Endpoint):
    """The caller's own data: export, deletion, consents."""

    require_login: ClassVar[bool] = True

    def delete_account(
        self, call: Call, *, password: str | None = None, second_factor_code: str | None = None
    ) -> AccountDeletion:
        """Delete the caller's account. All devices are signed out, including this one.

        Needs a recent sign-in, or the password (with a code if there is a second factor). Throws
        ReauthenticationException.
        """
        user = caller(call)
        reauthentication.require(call, user, password=password, code=second_factor_code)
        return AccountDeletion(deletes_at=deletion.request(user, call=call))

    @rate_limit("20/h")
    def export_data(self, call: Call) -> DataExport:
        """Return the address of a ZIP with all data of the caller. Valid for some minutes: open it in a browser."""
        url, expires_at = export.address(caller(call), call=call)
        return DataExport(url=url, expires_at=expires_at)

    def give_consent(self, call: Call, document: str, version: str) -> ConsentInfo:
        """Record the caller's consent to this version of a document. A second call changes nothing."""
        return _info(consents.give(caller(call), document, version, call=call))

    def withdraw_consent(self, call: Call, document: str) -> list[ConsentInfo]:
        """Withdraw the caller's consent to every version. Returns the withdrawn consents; 404 if there are none."""
        return [_info(each) for each in consents.withdraw(caller(call), document, call=call)]

    def list_consents(self, call: Call) -> list[ConsentInfo]:
        """Return the caller's consents, newest first, including withdrawn ones."""
        return [_info(each) for each in consents.of(caller(call))]


def _info(consent: Consent) -> ConsentInfo:
    return ConsentInfo(
        document=consent.document,
        version=consent.version,
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
    )
