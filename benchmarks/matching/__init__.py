"""Matching measured: quality on labelled, perturbed and generated lists, and speed, beside its peers."""
