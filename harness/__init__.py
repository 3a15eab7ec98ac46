"""Everything that the steps lean on."""
