"""Numbers for those who run the clinic: by month and counselor, one query a report, no person in any of them.

The reader may see no case, so these queries start from the clinic and not from `visible_to`, and return counts only.
"""
