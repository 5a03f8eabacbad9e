"""The spec of a network: its TOML model, reading and checking it, building its graph."""
