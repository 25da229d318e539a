#!/usr/bin/env bash
# Restores, builds (Release) and runs the whole test suite. The last line is 'N passed, N failed, N skipped'; the exit code is 0 only
# when something ran and nothing failed. Arguments go to 'dotnet test': ./test.sh --filter FullyQualifiedName~Flood
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
source .ci/require-dotnet.sh
source .ci/install-llvm.sh

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

if ! dotnet build Avial.Tests -c Release -v q; then
    echo "The build failed: no test ran."
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

dotnet test Avial.Tests -c Release --no-build --logger "trx;LogFilePrefix=tests" --results-directory "$results" "$@"
status=$?

passed=0 failed=0 skipped=0
shopt -s nullglob
for trx in "$results"/*.trx; do
    counters=$(grep -o '<Counters [^>]*>' "$trx")
    count() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<< "$counters"; }
    passed=$((passed + $(count passed)))
    failed=$((failed + $(count failed)))
    # The counter for tests that were not run stays 0 with NUnit: what neither passed nor failed was skipped.
    skipped=$((skipped + $(count total) - $(count passed) - $(count failed)))
done

if [ "$skipped" -gt 0 ]; then
    echo "Skipped:"
    cat "$results"/*.trx | awk -f .ci/skipped-tests.awk
fi
if [ $((passed + failed)) -eq 0 ]; then
    echo "No test ran."
    failed=1
elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "The test run ended early, with exit code $status."
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
