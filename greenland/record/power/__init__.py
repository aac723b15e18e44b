"""The record of a park's power outlook and of its carbon account."""
