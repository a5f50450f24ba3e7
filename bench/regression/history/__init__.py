"""Speed and quality over revisions: one CSV line each, change points, one page."""
