#!/usr/bin/env bash
# Builds and runs the demo: ./run.sh --help
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo=$root/KafkaCache.Demo/bin/Release/net10.0/KafkaCache.Demo.dll
export DOTNET_NOLOGO=1

# Bash sees a signal only when a foreground child has ended: so each step is a job of its own, that a signal ends as a whole.
set -m
step() {
  "$@" </dev/null &
  job=$!
  wait "$job"
}
trap 'kill -TERM -- "-${job:-}" 2>/dev/null; exit 0' INT TERM

step "$root/eng/bootstrap.sh"
[ -f "$demo" ] || echo "building: the first time takes a minute ..." >&2
step dotnet build "$root/KafkaCache.Demo" --configuration Release --nologo --verbosity quiet -tl:off -consoleLoggerParameters:ErrorsOnly

# In place of this shell, so that signals and the exit code are the demo's own, and in the caller's folder, for its file arguments.
exec dotnet "$demo" "$@"
