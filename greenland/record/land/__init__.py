"""Results of the land programme, one module per evaluation."""
