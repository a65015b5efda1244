"""Populations: the same policies, asked of every facet procedure of a hundred million patients."""
