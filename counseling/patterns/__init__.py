"""What the answers of one case suggest, one file per pattern. Pure: values in, values out.

A pattern file has ``find(history, thresholds)``; a new file is run by `evaluate` without further ado.
"""
