#!/usr/bin/env bash
# Builds and runs the demo: ./run.sh --help
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Bash acts on a signal only when its foreground child has ended; so the build is a job of its own, which a signal ends as a whole.
set -m
"$root/eng/build.sh" KafkaCache.Demo &
trap 'kill -TERM -- -$! 2>/dev/null; exit 0' INT TERM
wait $!

# In place of this shell, so that signals and the exit code are the demo's own, and in the caller's folder, for its file arguments.
exec dotnet "$root/KafkaCache.Demo/bin/Release/net10.0/KafkaCache.Demo.dll" "$@"
