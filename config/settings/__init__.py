"""One module per way of running: `embedded` (a laptop), `production` (servers), `test`; all build on `base`."""
