"""Prefect flows. The library under pipeline/ does the work and knows nothing of Prefect."""
