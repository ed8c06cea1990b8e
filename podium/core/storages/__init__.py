"""Storages of files. Each file here registers the scheme of its URLs; none needs to be listed."""
