"""Assessments: scheme packs, the engine that computes them, and the `jifen assess` command.

Everything in this folder that has no database in it works from plain files: a pack (YAML) and an entry sheet
(CSV or XLSX) in, results with their explanations out. No module here may know a county by name: what is
special to a scheme stands in its pack.
"""
