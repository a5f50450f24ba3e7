"""The experiments: what is trained, measured and judged, and where its records are kept."""
