#!/bin/sh
# Runs the same steps with every client against a live agent that has one peer, and compares what they say.
# usage: clients/conformance/run.sh URL
set -eu
here=$(dirname "$0")
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
python3 "$here/steps.py" "$1" > "$results/python"
node "$here/steps.mjs" "$1" > "$results/javascript"
diff "$results/python" "$results/javascript"
wc -l < "$results/python"
