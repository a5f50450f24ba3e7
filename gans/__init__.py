"""The reference GANs: what is trained. Imports nothing of bench or reports."""
