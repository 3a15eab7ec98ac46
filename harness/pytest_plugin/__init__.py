"""The only room that imports pytest: from options to the report."""
