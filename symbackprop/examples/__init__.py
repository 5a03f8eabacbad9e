"""The built-in networks, one TOML file each."""
