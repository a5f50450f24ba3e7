"""How often verdicts are right: planted failures of known size, through the ordinary metrics and judge."""
