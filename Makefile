# The README's two commands are `make demo` and `make test`; `make soak` holds what takes longer.
.PHONY: demo test soak shots table setup lint clean
PY := .venv/bin/python

demo: setup  ## set up everything and serve the demo county on http://127.0.0.1:8000
	$(PY) -m server demo

test: setup-tests  ## set up everything and pass the tests, on SQLite and PostgreSQL
	.ci/test

soak: setup-tests  ## the figures of the correctness table in full (about an hour; PART=name for one)
	.ci/soak $(PART)

setup:
	.ci/setup

setup-tests:
	.ci/setup tests

shots: setup-tests  ## pictures of every page into shots/, from a demo made for it
	.ci/shots $(or $(OUT),shots)

table: setup-tests  ## what a table of ten thousand households costs a browser
	.ci/table

lint: setup-tests
	.ci/lint

clean:
	rm -rf .venv build dist *.egg-info demo-data
