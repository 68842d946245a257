"""Making training and test folders out of downloaded datasets."""
