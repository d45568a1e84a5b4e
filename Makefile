# make help   lists the targets
SHELL := /bin/bash

.PHONY: help lab quickstart check test conformance bench format clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\): .*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

quickstart: ## set up, then the whole pipeline on the example tree, booted by BIOS and by UEFI
	@scripts/setup.sh
	@scripts/quickstart.sh

check: ## the tests that need no server, machine, package archive or program: a minute or so
	@. scripts/jdk.sh && CI=true mvn -B -ntp -Pcheck,together test

test: ## set up, then every test; a missing tool fails
	@scripts/setup.sh test
	@. scripts/jdk.sh && export CI=true && mvn -B -ntp -Pcheck,together -Dtests.damage=1 -Dtests.seconds=120 test && mvn -B -ntp -Plong,together verify

conformance: ## compare with the real programs (scripts/judges.tsv), built from source once; needs Go
	@scripts/setup.sh test
	@scripts/conformance.sh

bench: ## measure against Talos' imager (without it: the tools that it drives), in the same run; writes target/bench.json
	@scripts/setup.sh test
	@scripts/bench.sh

lab: ## build the lab's jar, target/lab/talos-forge-lab.jar, and the program
	@. scripts/jdk.sh && mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package

format: ## put the code into its format
	@. scripts/jdk.sh && mvn -q -B spotless:apply

clean: ## remove what was built
	@rm -rf target build {testkit,core,cli,lab}/target
