"""The tables of Serverpod's legacy module serverpod_auth, with the link from each of its users to an account.

Generated from the model files in auth/. The acts are in users.py, keys.py and adoption.py.
"""

from .protocol import *
