.DEFAULT_GOAL := help
.PHONY: help build test campaigns ci up play web browser docs-check bench format lab agent dist

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build everything, warnings are errors
	dotnet build -c Release

test: ## Run the tests
	dotnet test -c Release

campaigns: ## Run the tests that take long, which "make test" leaves out
	HEARSAY_CAMPAIGNS=only dotnet test -c Release

ci: ## What a change must pass: restore, build, tests, smoke test
	.ci/run

up: ## Start a network of 50 nodes on this machine
	dotnet run -c Release --project src/Hearsay.Cli -- up

play: ## Open the playground
	dotnet run -c Release --project src/Hearsay.Cli -- play

web: ## Make the page of the playground from its TypeScript (needs Node.js)
	cd web && npm ci && npm run check && npm run build

browser: ## Test the page in a browser (needs Node.js; installs Chromium where it is missing)
	.ci/browser

docs-check: ## Run every command of the chapters, also those that take minutes, and compare their numbers
	HEARSAY_CAMPAIGNS=too HEARSAY_DOCS=all dotnet test -c Release --project tests/Hearsay.Cli.Tests \
		--filter-class "*ChapterTests" --filter-class "*ChapterNumbersTests" --filter-class "*SnippetTests"

bench: ## 1,000 live nodes, with the cost of an exchange against bare sockets
	dotnet run -c Release --project src/Hearsay.Cli -- up --nodes 1000 --cycles 60 --floor --json

agent: ## Compile the agent ahead of time into artifacts/agent (needs gcc or clang, and zlib's headers)
	.ci/agent

dist: agent ## A tar.gz with the agent, its systemd unit and its pages
	deploy/dist

format: ## Bring the code style in line (slow)
	dotnet format Hearsay.slnx

lab: ## Check the claims about gossip that take minutes, not half an hour
	dotnet run -c Release --project src/Hearsay.Cli -- lab verify --quick
