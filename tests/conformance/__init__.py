"""Holds the product against a folder of real model files and what they must become.

python3 -m tests.conformance CORPUS [--only PROJECT] [--format json]

CORPUS/validation/cases.json   small cases: model files, and whether they are accepted as a whole
CORPUS/projects/<name>/        project.json, models/**, and what each part of the command compares with

Any of it may be missing; what is missing is not counted. One module per part, listed in parts.py.
"""
