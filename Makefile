# The README's two commands are `make demo` and `make test`; `make soak` holds what takes longer.
.PHONY: demo test soak shots table mini-program setup lint clean
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

mini-program: setup-tests  ## the WeChat mini-program for SERVER=https://…, to be opened in WeChat's developer tools
	@test -n "$(SERVER)" || { echo "请写明服务器 / name the server: make mini-program SERVER=https://points.example.cn APP_ID=wx…"; exit 2; }
	VITE_SERVER=$(SERVER) WECHAT_APP_ID=$(APP_ID) $(PY) hatch_build.py miniapp_stub types build:mp-weixin test:mp-weixin
	@echo "→ miniapp_stub/dist/build/mp-weixin"

lint: setup-tests
	.ci/lint

clean:
	rm -rf .venv build dist *.egg-info demo-data
