#!/bin/sh
# speed.sh BUILD - the engine beside the simulator of the npm package pokemon-showdown, on the same teams, one core each.
#
# The simulator needs Node.js and the package, found by NODE_PATH (default /tmp/dex/node_modules); without them only
# the engine is measured and it says how to get them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
teams=$here/tapes9.txt
NODE_PATH=${NODE_PATH:-/tmp/dex/node_modules}
export NODE_PATH
if command -v node >/dev/null && [ -d "$NODE_PATH/pokemon-showdown" ]; then
    node "$here/speed.js" "$teams" 5
else
    echo "simulator: not measured. To do so, install Node.js and then:"
    echo "  mkdir -p /tmp/dex && cd /tmp/dex && npm install --ignore-scripts pokemon-showdown@0.11.11"
fi
"$1/tests/oracle-speed" "$teams" 5
