"""Values in, text and keyboard out. Views are pure: they ask nobody and send nothing."""
