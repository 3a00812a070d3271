#!/usr/bin/env bash
# Builds and runs the demo: ./run.sh --help
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Bash runs a trap only after its foreground child has ended. So the build is a background job, which the trap terminates as a process group.
set -m
"$root/eng/build.sh" KafkaCache.Demo &
trap 'kill -TERM -- -$! 2>/dev/null; exit 0' INT TERM
wait $!

# The demo replaces this shell, so that it gets the signals and provides the exit code. It runs in the caller's directory, so that file
# arguments can be relative.
exec dotnet "$root/KafkaCache.Demo/bin/Release/net10.0/KafkaCache.Demo.dll" "$@"
