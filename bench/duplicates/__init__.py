"""Measures how well duplicates are found, on pairs labelled by hand."""
