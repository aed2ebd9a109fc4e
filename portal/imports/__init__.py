"""Files of guests, in and out."""
