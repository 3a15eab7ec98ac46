"""What scenarios do and demand.

One module for each feature file, of the same name.
"""
