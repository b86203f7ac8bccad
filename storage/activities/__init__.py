"""Activities: what the engine of sign-ups remembers, a file for each table it asks."""
