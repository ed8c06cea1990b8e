"""Adoption of Serverpod's databases: those of the tests, and with `python3 -m tests.adopt FOLDER` any others.

steps.py         shared steps of the tests of both servers on one database
auth_tables.py   the tables of Serverpod's auth modules
checkout.py      Podium with an app of a project's model files, on that database
described.py     databases as Serverpod creates them, described in the folder databases
projects.py      a folder of Serverpod projects: databases, each with its model files
their_server.py  the statements that Serverpod's server sends, and how it checks what it reads
"""
