"""What scenarios do and demand; one module for each feature file, of the same name."""
