"""Two guests become one, and two again."""
