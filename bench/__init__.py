"""Speed measures of the whole site, on generated places. Never part of the tests."""
