#!/usr/bin/env bash
# Builds everything and runs the tests: all but the long ones.
#   ./test.sh --all            the long ones too
#   ./test.sh --soak           those and the soak: random histories by the ten thousand
#   ./test.sh --filter NAME    those whose full name contains NAME
# Further arguments go to the xunit runner as they are, e.g. -class NAME; -? lists them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
log=$root/.local/test.log
trap 'exit 130' INT TERM

minutes=15
selection=(-trait- Category=Long -trait- Category=Soak)
filters=()
while [ $# -gt 0 ]; do
  case $1 in
    --all) selection=(-trait- Category=Soak) minutes=45 ;;
    --soak) selection=() minutes=120 ;;
    --filter)
      [ $# -gt 1 ] || { echo "error: --filter needs a part of a test's name" >&2; exit 2; }
      filters+=(-method "*$2*")
      shift
      ;;
    *) filters+=("$1") ;;
  esac
  shift
done

eng/test-tools.sh
eng/build.sh KafkaCache.sln
PATH=$PATH:$root/.local/prometheus/usr/bin

# At a terminal Ctrl-C must reach the tests. Elsewhere those that outlast the limit end with all that they started: a child that
# lived on would hold the pipe, and with it this script.
foreground=()
[ ! -t 1 ] || foreground=(--foreground)
within() { if command -v timeout >/dev/null; then timeout ${foreground[@]+"${foreground[@]}"} --kill-after=20s "$@"; else shift; "$@"; fi; }

# The log names each test as it starts and ends: it tells what ran even where the process didn't live to sum up.
status=0
within "${minutes}m" dotnet KafkaCache.Tests/bin/Release/net10.0/KafkaCache.Tests.dll -noLogo -noColor -noAutoReporters -reporter verbose \
  ${selection[@]+"${selection[@]}"} ${filters[@]+"${filters[@]}"} </dev/null |
  tee "$log" |
  awk -f eng/live.awk || status=${PIPESTATUS[0]}

awk -v status="$status" -f eng/summary.awk "$log"
