"""HL7 FHIR Questionnaires: read into a definition and written from one, as plain JSON data. Pure.

Nothing that a file names is fetched, and no expression or pattern in it is run.

Reading: ``files`` (bytes, Bundles, limits) → ``nodes`` (fields by type and place) → ``parts`` (what is asked at all) →
``outline`` (items and groups, by ``questions``, ``surroundings``, ``option_sets``, ``terminology``, ``code_systems``,
``answers``, ``conditions``, ``wording``) → ``paging`` → ``reading``. ``constructs`` and ``review`` decide on everything
else; ``shapes`` makes the releases one; ``report`` collects.
"""
