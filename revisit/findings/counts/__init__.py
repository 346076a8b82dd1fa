"""Counts: answers as whole numbers, and the sums that every figure is made from; nothing is lost by adding them."""
