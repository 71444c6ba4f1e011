"""Questionnaires for other programs, as FHIR: parse, check permission, call one action or query, render."""
