"""Users: sign-up and sign-in, sessions, second factors, profiles, and their data. Each subject is a folder:

sessions       sessions of devices and browsers, access and refresh tokens
sign_in        the flows of signing up and in: email, passkeys, guests, providers; ownership of addresses; recent proofs
passwords      hashers and rules
second_factor  authenticator apps, recovery codes, passkeys as a second factor
providers      Google, Apple and others, a folder each; registry.py finds them
profile        names and pictures
data           consents, export, deletion and merging of accounts
staff          acts of staff and their rights, scopes, impersonation
throttling     limits, CAPTCHAs, throw-away mailboxes
audit          the log of security events
notices        mails and text messages to users
web            pages, and allauth's adapters and headless API
endpoints      the methods that clients call. The only place that lists them; a provider's are in its folder
admin          the admin's pages
imports        users of Firebase, Supabase and Serverpod, from files
serverpod      users in the tables of a Serverpod in the same database
management     commands

At the top: models.py, conf.py, checks.py, signals.py, tasks.py, and what several folders share: requests.py (a call as
a Django request), callers.py (the calling user), jobs.py (scheduled work), cache.py. pyproject.toml has the layers:
leaves (models, providers, audit, throttling ...) do not import flows (sign_in, web, staff.actions ...).
"""
