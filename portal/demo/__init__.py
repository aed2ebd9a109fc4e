"""The demo: three organisations, their people, menus, guests and three weeks of bookings around today."""
