#!/usr/bin/env bash
# Runs every example at the small size in its args.txt (one argument a line; no file: no arguments) and compares what it prints with its
# expected.txt. Lines must agree exactly, but {...} in an expected line stands for any text (a time, a path). Then runs them all again on
# several ranks, which must print and write the same. The last line is 'N passed, N failed, N skipped'. 'examples/run-all.sh --no-build'
# takes the programs as they were built last.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
source .ci/require-dotnet.sh

if [ "${1:-}" != --no-build ] && ! dotnet build Avial.sln -c Release -v q; then
    echo "The build failed: no example ran."
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Does the line $1 agree with the expected line $2?
matches() {
    local got=$1 rest=$2 piece
    piece=${rest%%'{...}'*}
    [[ $got == "$piece"* ]] || return 1
    got=${got#"$piece"}
    rest=${rest#"$piece"}
    [ -n "$rest" ] || { [ -z "$got" ]; return; }
    while true; do
        rest=${rest#'{...}'}
        piece=${rest%%'{...}'*}
        rest=${rest#"$piece"}
        [ -n "$rest" ] || { [[ $got == *"$piece" ]]; return; }
        [[ $got == *"$piece"* ]] || return 1
        got=${got#*"$piece"}
    done
}

# Do the texts in the files $1 (expected) and $2 agree? Says where they first differ.
agree() {
    local expected actual line
    mapfile -t expected < "$1"
    mapfile -t actual < "$2"
    for ((line = 0; line < ${#expected[@]} || line < ${#actual[@]}; line++)); do
        if [ $line -ge ${#expected[@]} ] || [ $line -ge ${#actual[@]} ] || ! matches "${actual[line]}" "${expected[line]}"; then
            echo "  line $((line + 1)), expected: ${expected[line]-(end of text)}"
            echo "  but was:          ${actual[line]-(end of text)}"
            return 1
        fi
    done
}

# Runs the example in folder $1 on $2 ranks inside the scratch folder; true when it ends well and prints what it should.
run_example() {
    local folder=$1 ranks=$2 arguments=() limit=()
    local program=("$PWD/$folder"/bin/Release/*/*.runtimeconfig.json)
    if [ ! -f "${program[0]}" ]; then
        echo "  it is not built, or not part of Avial.sln"
        return 1
    fi
    if [ ! -f "$folder/expected.txt" ]; then
        echo "  it has no expected.txt"
        return 1
    fi
    [ ! -f "$folder/args.txt" ] || mapfile -t arguments < "$folder/args.txt"
    ! command -v timeout > /dev/null || limit=(timeout 300)
    mkdir -p "$scratch/$ranks/$folder"
    (cd "$scratch/$ranks/$folder" && AVIAL_RANKS=$ranks "${limit[@]}" dotnet "${program[0]%.runtimeconfig.json}.dll" "${arguments[@]}") \
        > "$scratch/actual.txt" 2> "$scratch/errors.txt" < /dev/null
    local status=$?
    if [ $status -ne 0 ]; then
        echo "  it ended with exit code $status"
        tail -n 20 "$scratch/actual.txt" "$scratch/errors.txt"
        return 1
    fi
    agree "$folder/expected.txt" "$scratch/actual.txt" && diff -rq "$scratch/1/$folder" "$scratch/$ranks/$folder"
}

passed=0 failed=0
for ranks in 1 3; do
    for project in examples/*/*.csproj; do
        folder=$(dirname "$project")
        [ "$folder" != examples/Common ] || continue
        [ $ranks -eq 1 ] && name=$folder || name="$folder on $ranks ranks"
        start=$SECONDS
        if problem=$(run_example "$folder" $ranks); then
            passed=$((passed + 1))
            echo "passed  $name ($((SECONDS - start)) s)"
        else
            failed=$((failed + 1))
            echo "FAILED  $name"
            echo "$problem"
        fi
    done
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
