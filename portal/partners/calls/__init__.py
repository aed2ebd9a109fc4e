"""The last calls of a partner, as far as they may be kept."""
