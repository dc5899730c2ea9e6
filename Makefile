# Everything a person does with this repository. `make run` and `make test` need
# nothing but Go, Node and make; what else they need they get themselves.

GOLANGCI := 2.15.0
LINT     := .tools/golangci-lint-$(GOLANGCI)
DIST     := server/web/dist/index.html
PAGES    := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) $(wildcard frontend/*.html frontend/*.json frontend/*.ts)
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.PHONY: run build generate check lint test e2e bench fuzz clean

run: build ## build everything and serve on http://127.0.0.1:8080
	bin/conclave serve

build: $(DIST) ## bin/conclave, with the front end inside
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/conclave ./server

$(DIST): frontend/node_modules/.package-lock.json $(PAGES)
	npm --prefix frontend run build

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json
	npm --prefix frontend ci --no-fund --no-audit
	@touch $@

generate: ## what repeats the protocol and the rights table elsewhere
	go run ./tools/tsgen

check: lint $(DIST) ## what a careful person runs before every commit
	go vet ./...
	go test -race ./...
	npm --prefix frontend run check

lint: $(LINT)
	$(LINT) run ./...

$(LINT):
	GOBIN=$(CURDIR)/.tools go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI)
	mv .tools/golangci-lint $@

test: need check e2e ## everything, with real browsers

.PHONY: need
need:
	tools/need gcc libc6-dev git chromium firefox-esr xvfb openbox iproute2

e2e: build e2e/node_modules/.package-lock.json
	go build -o bin/bot ./e2e/bot/cmd
	npm --prefix e2e test

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json
	npm --prefix e2e ci --no-fund --no-audit
	@touch $@

bench: need build e2e/node_modules/.package-lock.json ## ratios against a baseline of the same run
	go test -run '^$$' -bench . -benchmem ./sfu/... ./signaling/...
	npm --prefix e2e run bench

fuzz: ## a minute for each parser that reads the network
	go test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./signaling/wire
	go test -run '^$$' -fuzz FuzzRewrite -fuzztime 60s ./sfu/internal/descriptor
	go test -run '^$$' -fuzz FuzzParseOffer -fuzztime 60s ./sfu
	go test -run '^$$' -fuzz FuzzJoinBody -fuzztime 60s ./server/api

clean:
	rm -rf bin .tools server/web/dist/assets server/web/dist/index.html frontend/node_modules e2e/node_modules e2e/out
