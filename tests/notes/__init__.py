"""The app that most tests work on: notes and notebooks of signed-in users.

It uses each part of the platform once, like a real app: model files, endpoints, streams, tasks, REST, the admin. After
a change of its model files, run: python3 -m tests.notes
"""
