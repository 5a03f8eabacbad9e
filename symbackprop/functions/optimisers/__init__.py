"""One entry an optimiser; every module here is searched for ``ENTRIES``."""
