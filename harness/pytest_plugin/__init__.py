"""The only room that imports pytest: options, collection, fixtures, verdicts, the report at the end."""
