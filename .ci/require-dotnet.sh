# Sourced by the scripts: stops with what to install when the .NET SDK is missing or older than global.json asks for.
if ! command -v dotnet > /dev/null; then
    echo "The .NET SDK is missing. Install .NET SDK 10 (https://dotnet.microsoft.com/download) and put 'dotnet' on the PATH; nothing else is needed." >&2
    exit 2
fi
if ! dotnet --version > /dev/null 2>&1; then
    echo "Avial needs .NET SDK 10.0.100 or a later 10.x. Found:" >&2
    (cd / && dotnet --list-sdks) >&2
    echo "Install .NET SDK 10 from https://dotnet.microsoft.com/download; nothing else is needed." >&2
    exit 2
fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
