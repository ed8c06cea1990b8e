"""Sign-in providers. Each has a folder, with the same file names, and registers itself (registry.py):

setup.py       its class: name, setting, checks, part of allauth's settings
claims.py      verify a token or redeem a code; returns Claims
endpoints.py   the methods that clients call
revocation.py  take back the user's permission when the account is deleted
pages.py       further pages

Apps add providers in `<app>/sign_in_providers.py`: docs/how-to/add-a-sign-in-provider.md.
"""
