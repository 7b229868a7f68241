#!/bin/sh
# Runs the same steps with every client against two live agents, and compares what they say. The agents hold maps
# (--maps true) and are each other's only peer.
# usage: clients/conformance/run.sh URL OTHER_URL
set -eu
here=$(dirname "$0")
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
python3 "$here/steps.py" "$1" "$2" > "$results/python"
node "$here/steps.mjs" "$1" "$2" > "$results/javascript"
diff "$results/python" "$results/javascript"
wc -l < "$results/python"
