"""HL7 FHIR Questionnaires: read into a definition and written from one, as plain JSON data. Pure.

Nothing that a file names is fetched, and no expression or pattern in it is run.
"""
