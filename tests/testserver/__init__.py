"""A server with the endpoints of Serverpod's own test project, on the corpus' model files, to test clients.

    python3 -m tests.testserver [--port 8080]                   serve; prints the address once it answers
    python3 -m tests.testserver --target dart --out DIR         only write a client: dart, typescript or python

The model files are not part of this repository: they are next to it, in ../shared/corpus. The generated code is written
to build/testserver/ (build.py). Names and signatures come from projects/serverpod_test/dart_api.json there.
"""
