"""The measurement engine: what was asked, answered and scored. Knows no client and no clinic."""
