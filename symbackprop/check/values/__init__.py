"""Numbers outside formulas: values given in words and tables, results told in prose.

Everything here is conservative. What fits none of the patterns of ``languages/`` is left alone.
"""
