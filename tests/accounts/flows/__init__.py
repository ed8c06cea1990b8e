"""Every sign-in method, from the generated TypeScript client to a running server: an app that extends all of them.

One server on this machine imitates the providers (played.py), mails are files, and the steps are the *.test.mjs.
"""
