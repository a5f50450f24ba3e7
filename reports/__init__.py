"""Reports: findings, tables, figures and one page, made from run records; nothing here trains."""
