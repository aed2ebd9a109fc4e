"""Guests who are there twice: noticed, told apart, made one, and two again."""
