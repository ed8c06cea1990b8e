"""The endpoints of the corpus' module serverpod_test_module, which those of the project extend."""
