"""One entry a loss; every module here is searched for ``ENTRIES``."""
