"""The answer: capacities, schedule, ratios and costs, replayed and explained."""
