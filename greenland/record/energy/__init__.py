"""Results of the energy part, one module per subject."""
