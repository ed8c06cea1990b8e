"""The endpoints of the corpus' module serverpod_test_module, which endpoints of the project extend."""
