"""Every way in, from the generated TypeScript client to a running server: an app that extends all of them.

The providers are one on this machine that plays them (played.py), mails are files, the steps are the *.test.mjs.
"""
