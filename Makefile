# Everything sets itself up: the packages that are missing first, then the build.
.PHONY: help build demo test bench install format lint clean packages

PREFIX ?= /usr/local
# What `make demo` runs on and `make bench` measures: sqlite or postgres, a server that they start
# and stop. Where it is not said, the demo takes sqlite, and both are measured.
DATABASE ?=
# Numbers of operations, rows and linked rows for `make bench`: SIZES="1000 10000" ROWS=10000.
SIZES ?=
ROWS ?=
LINKS ?=
RUNS ?=
# What is installed needs no Swift on the machine that it runs on; Apple's systems bring it along.
RELEASE := -c release $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)

help:
	@echo 'make demo     apply the quickstart to a new database, rerun it, change one value;'
	@echo '              with DATABASE=postgres on a PostgreSQL server that it starts'
	@echo 'make test     build and run every test'
	@echo 'make bench    measure against the floor (SIZES="1000 10000" ROWS=10000 LINKS=10000 RUNS=5);'
	@echo '              with DATABASE=postgres on such a server alone'
	@echo 'make build    build for debugging'
	@echo 'make install  build for release and copy sow to PREFIX/bin (PREFIX=$(PREFIX))'
	@echo 'make format   rewrite the sources in the house style'
	@echo 'make lint     refuse what is not in the house style'
	@echo 'make clean    remove what was built'

build: packages
	swift build

demo: packages
	swift build --product sow
	@DATABASE='$(DATABASE)' .ci/demo

test:
	@.ci/packages tests
	swift test --disable-xctest

bench: packages
	swift build $(RELEASE) --product sow
	swift build $(RELEASE) --product sow-bench
	"$$(swift build $(RELEASE) --show-bin-path)/sow-bench" \
	  $(foreach n,$(SIZES),--operations $(n)) $(foreach n,$(ROWS),--rows $(n)) \
	  $(foreach n,$(LINKS),--links $(n)) \
	  $(if $(RUNS),--runs $(RUNS)) $(if $(DATABASE),--on $(DATABASE))

install: packages
	swift build $(RELEASE) --product sow
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 "$$(swift build $(RELEASE) --show-bin-path)/sow" '$(DESTDIR)$(PREFIX)/bin/sow'

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

lint: packages
	@.ci/lint

clean:
	rm -rf .build

packages:
	@.ci/packages
