"""The keys of a partner: made, shown once, changed, ended."""
