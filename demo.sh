#!/usr/bin/env bash
# The main job: a flood on a real volcano, in less than a minute on two cores. Arguments go to the example: ./demo.sh --scenario rain, ./demo.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source .ci/require-dotnet.sh
source .ci/install-llvm.sh

echo "Building..."
dotnet build examples/Flood -c Release -v q
if [ $# -eq 0 ]; then
    set -- --cell 2 --duration 60 --out artifacts/flood
fi
exec dotnet run --project examples/Flood -c Release --no-build -- "$@"
