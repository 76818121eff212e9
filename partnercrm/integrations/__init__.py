"""Bringing other systems' data in and giving ours out: imports of files at any size, exports."""
