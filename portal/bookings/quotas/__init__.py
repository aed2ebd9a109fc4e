"""How many guests a partner may still book on a day."""
