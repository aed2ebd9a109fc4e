"""How many guests a partner may book on a day: said for the weekdays and for some dates, shown with what is taken."""
