# Sourced by the scripts: installs libLLVM, which makes kernels fast, where it is missing and that can be done unasked (apt-get, as root). Everything runs without it,
# slower: then one line says what to do, and the script goes on.

find_llvm() {
    local file
    [ -z "${AVIAL_LLVM:-}" ] || return 0
    for file in /usr/lib/x86_64-linux-gnu/libLLVM* /usr/lib64/libLLVM* /usr/lib/libLLVM* /usr/local/lib/libLLVM* /usr/lib/llvm-*/lib/libLLVM*; do
        [[ ! $file =~ libLLVM(-|\.so\.)(1[7-9]|2[0-9]) ]] || return 0
    done
    return 1
}

install_llvm() {
    local as_root=()
    if [ "$(uname -sm)" != "Linux x86_64" ] || find_llvm; then
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
    fi
    if command -v apt-get > /dev/null && "${as_root[@]}" true 2> /dev/null; then
        echo "Installing libLLVM 19 (apt-get install libllvm19)..."
        if "${as_root[@]}" apt-get install -y -qq libllvm19 > /dev/null 2>&1 \
            || { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq libllvm19; } > /dev/null 2>&1; then
            return
        fi
    fi
    echo "libLLVM 17 or newer was not found: programs run on managed execution, which is slower. Debian and Ubuntu: apt-get install libllvm19."
}

install_llvm
