"""A TOML file, typed, with errors that name the line."""
