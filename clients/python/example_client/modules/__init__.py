"""The models of the modules that the server uses."""
