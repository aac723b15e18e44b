"""What a plan means in money and carbon: bills, operation, cash flow, taxes, emissions."""
