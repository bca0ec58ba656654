"""Numbers to call, as dated data (`resources/data/helplines.yaml`), for every page that shows them."""
