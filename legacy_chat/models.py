"""The tables of Serverpod's legacy module serverpod_chat: what was written there stays, and can be read.

Generated from the model files in chat/. There are no endpoints: the module's clients need Serverpod's older streams,
which this server does not have.
"""

from .protocol import *
