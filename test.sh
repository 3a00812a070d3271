#!/usr/bin/env bash
# Builds everything and runs the tests, except the long ones.
#   ./test.sh --all            also runs the long tests
#   ./test.sh --soak           also runs the long tests and the soak tests (tens of thousands of random histories)
#   ./test.sh --filter NAME    runs only tests whose full name contains NAME
# Other arguments, such as -class NAME, are passed to the xunit runner; -? lists them.
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

# On a terminal, the tests run in the foreground, so that Ctrl+C reaches them. Otherwise, timeout kills the whole process group: a child
# process that survived would keep the pipe open, and this script would not end.
foreground=()
[ ! -t 1 ] || foreground=(--foreground)
within() { if command -v timeout >/dev/null; then timeout ${foreground[@]+"${foreground[@]}"} --kill-after=20s "$@"; else shift; "$@"; fi; }

# The verbose log has a line for the start and the end of each test, so it shows which tests were running if the process ends early.
status=0
within "${minutes}m" dotnet KafkaCache.Tests/bin/Release/net10.0/KafkaCache.Tests.dll -noLogo -noColor -noAutoReporters -reporter verbose \
  ${selection[@]+"${selection[@]}"} ${filters[@]+"${filters[@]}"} </dev/null |
  tee "$log" |
  awk -f eng/live.awk || status=${PIPESTATUS[0]}

awk -v status="$status" -f eng/summary.awk "$log"
