"""A database shared by Podium and a Serverpod server, at the same time or one after the other.

Each of the two can use what the other one stores: users, addresses with passwords, providers' accounts, passkeys,
and keys of signed-in devices. Off by default: ACCOUNTS_SERVERPOD_TABLES. For users: docs/how-to/moving-users.md

tables.py     Serverpod's tables, and SQL
users.py     Serverpod's users become usable here: all at once, or one when needed
addresses.py  the addresses of these users
mirror.py     Podium's users become usable there
sessions.py   keys of sessions, valid on both servers
refreshes.py  refresh tokens, valid on both servers
cloud_storage.py  public files that Serverpod keeps in the database
deleting.py   Podium's data of a user that Serverpod deletes

Facts about formats are from the modules serverpod_auth_core and serverpod_auth_idp, 3.0.0 to 4.0.0-beta.4, which are
under the BSD licence: https://github.com/serverpod/serverpod/tree/main/modules/serverpod_auth
"""
