"""One entry a penalty; every module here is searched for ``ENTRIES``."""
