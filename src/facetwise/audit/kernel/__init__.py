"""The native engine: a policy as generated source that folds over each patient's events, compiled by Numba."""
