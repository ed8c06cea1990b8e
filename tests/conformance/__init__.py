"""Compare Podium with a corpus: a folder of real model files and their expected results.

python3 -m tests.conformance CORPUS [--only PROJECT] [--format json]

CORPUS/validation/cases.json   small cases: model files, and whether they are accepted
CORPUS/projects/<name>/        project.json, models/**, and the expected result of each part

Any of it may be missing; missing files are not counted. One module per part, listed in parts.py.
"""
