# Everything a person does with this repository. `make run` and `make test` need
# nothing but Go, Node and make; what else they need they get themselves.

GOLANGCI := 2.15.0
LINT     := .tools/golangci-lint-$(GOLANGCI)
DIST     := server/web/dist/index.html
PAGES    := $(shell find frontend/src frontend/public frontend/scripts -type f 2>/dev/null) $(wildcard frontend/*.html frontend/*.json frontend/*.ts)
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

COMMIT   := $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

# SQLite is C that was made Go, and keeps its own locks: the race detector finds nothing in
# it, and makes it four times as slow. All that calls it is looked at.
RACE     := -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false

# What a release is signed with and compared to; see SECURITY.md.
KEY      := release.key
PUB      := $(KEY).pub
MANIFEST := bin/manifest.json

# Half a front end is none: it is built again.
.DELETE_ON_ERROR:

.PHONY: run build generate check lint test e2e bench fuzz long manifest verify-site clean

run: build ## build everything and serve on http://127.0.0.1:8080
	bin/conclave serve

build: $(DIST) ## bin/conclave, with the front end inside
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)" -o bin/conclave ./server

$(DIST): frontend/node_modules/.package-lock.json $(PAGES)
	npm --prefix frontend run build

frontend/node_modules/.package-lock.json: frontend/package.json frontend/package-lock.json $(wildcard frontend/patches/*.patch)
	npm --prefix frontend ci --no-fund --no-audit
	@touch $@

generate: ## what repeats the protocol and the rights tables elsewhere
	go run ./tools/tsgen
	go test ./server/api -run TestPermissionsArePrinted -update

check: lint $(DIST) ## what a careful person runs before every commit
	go vet ./...
	go test $(RACE) -timeout 30m ./...
	go test ./server/api # what the race detector makes too slow
	go test -run 'Memory|Nothing|Hundred' ./sfu # and what is not with it what it is without
	go test $(RACE) -tags dump -run Dump ./sfu
	npm --prefix frontend run check

lint: $(LINT)
	$(LINT) run ./...

$(LINT):
	GOBIN=$(CURDIR)/.tools go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI)
	mv .tools/golangci-lint $@

test: need check e2e ## everything, with real browsers

.PHONY: need
need:
	tools/need gcc libc6-dev git chromium firefox-esr xvfb openbox tesseract-ocr iproute2 fonts-noto-color-emoji

e2e: build e2e/node_modules/.package-lock.json
	go build -o bin/bot ./e2e/bot/cmd
	go build -o bin/provider ./e2e/provider/cmd
	go build -tags dump -o bin/conclave-dump ./server
	npm --prefix e2e test

e2e/node_modules/.package-lock.json: e2e/package.json e2e/package-lock.json
	npm --prefix e2e ci --no-fund --no-audit
	@touch $@

bench: need build compare e2e/node_modules/.package-lock.json ## ratios against a baseline of the same run
	go test -run '^$$' -bench . -benchmem ./sfu/... ./signaling/...
	go test ./sfu/internal/bwe -args -plots $(CURDIR)/bench/out # how the target follows a link, drawn
	go test -run '^$$' -bench Write ./storage
	go test -tags million -run 'FirstPage|MemoryIsFlat' -v ./storage ./server/report
	npm --prefix e2e run bench
	npm --prefix frontend run bench:group

.PHONY: compare
compare: ## the media server beside others, in one run: make compare BENCH="--only meeting"
	go build -o bin/bench ./bench
	go build -o bin/bench-ours ./bench/ours
	go build -o bin/bench-naive ./bench/naive
	@tools/need janus || echo "bench: no janus; what it would be compared with is left out"
	bin/bench $(BENCH)

fuzz: frontend/node_modules/.package-lock.json ## a minute for each parser that reads the network, and ten thousand steps of a group
	go test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./signaling/wire
	go test -run '^$$' -fuzz FuzzRewrite -fuzztime 60s ./sfu/internal/descriptor
	go test -run '^$$' -fuzz FuzzFrameStart -fuzztime 60s ./sfu/internal/descriptor
	go test -run '^$$' -fuzz FuzzFeedback -fuzztime 60s ./sfu/internal/twcc
	go test -run '^$$' -fuzz FuzzArrivals -fuzztime 60s ./sfu/internal/twcc
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s ./sfu/internal/sframe
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s ./sfu/internal/message
	go test -run '^$$' -fuzz FuzzFeedback -fuzztime 60s ./sfu/internal/bwe
	go test -run '^$$' -fuzz FuzzReports -fuzztime 60s ./sfu
	go test -run '^$$' -fuzz FuzzForward -fuzztime 60s ./sfu
	go test -run '^$$' -fuzz FuzzParseOffer -fuzztime 60s ./sfu
	go test -run '^$$' -fuzz FuzzJoinBody -fuzztime 60s ./server/api
	go test -run '^$$' -fuzz FuzzParse$$ -fuzztime 60s ./server/jointoken
	go test -run '^$$' -fuzz FuzzClaims -fuzztime 60s ./server/jointoken
	go test -run '^$$' -fuzz FuzzParseKey -fuzztime 60s ./server/jointoken
	go test -run '^$$' -fuzz FuzzFault -fuzztime 60s ./server/webhook
	npm --prefix frontend run fuzz:group

long: build e2e/node_modules/.package-lock.json ## ten minutes each of attacks by who is in, of packets for viewers whose memory is looked at, and of pictures that change size, codec and person
	go build -o bin/bot ./e2e/bot/cmd
	LONG=10 go test -run 'HarmNobodyElse|LittleMemory' -timeout 60m -v ./sfu
	LONG=10 npm --prefix e2e test -- slots

manifest: build ## the signed list of the files the pages are made of: make manifest KEY=FILE
	go run ./tools/manifest sign --key $(KEY) --out $(MANIFEST) --version $(VERSION) --commit $(COMMIT)

verify-site: ## does a site serve what was signed? make verify-site URL=https://… MANIFEST=FILE PUB=FILE
	go run ./tools/manifest verify --manifest $(MANIFEST) --key $(PUB) --url $(URL)

clean:
	rm -rf bin .tools server/web/dist/assets server/web/dist/index.html server/web/dist/embed.js server/web/dist/embed.d.ts frontend/node_modules e2e/node_modules e2e/out
