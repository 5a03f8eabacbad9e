"""Many files at once: on all cores, on any executor, on a cluster."""
