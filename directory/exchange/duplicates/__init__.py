"""Finds records that are one place, merges the certain ones, and shows the others to moderators.

`score` compares two records and knows no database; `blocking` picks the pairs worth comparing;
`finding` does it for the whole directory or for some places; `merging` makes one place of two.
"""
