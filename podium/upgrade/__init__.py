"""`podium upgrade`: bring a project to another version of Podium. Standard library only, see docs/how-to/upgrading.md.

The code that runs is that of the newer of the two versions: its wheel is unpacked in .podium/upgrade/ and started from
there, so that it knows what changed and does not disappear while packages are replaced.
"""
