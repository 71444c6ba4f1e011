"""A synthetic clinic with known truth, for the demo, the tests and the benchmarks. Nobody in it exists."""
