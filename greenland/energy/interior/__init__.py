"""Interior point method for linear programs in time order."""
