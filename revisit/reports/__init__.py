"""Reports: findings become sentences, charts, pages and a PDF."""
