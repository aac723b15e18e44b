"""Output of PV and wind per unit of capacity: from weather, met masts, SCADA, or synthetic."""
