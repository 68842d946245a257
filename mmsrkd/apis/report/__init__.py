"""A page that shows what a run came to: one HTML file, nothing to load, in any browser."""
