"""Kernels forked from a process that has imported everything once: Linux only, ordinary kernels elsewhere."""
