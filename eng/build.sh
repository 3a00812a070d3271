#!/usr/bin/env bash
# Builds a project or the solution for release, and prints nothing but errors: eng/build.sh KafkaCache.sln
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

"$root/eng/bootstrap.sh"
lock
log=$state/build.log
export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
[ -f "$state/built" ] || say "building: the first time takes a minute ..."
dotnet build "$root/$1" --configuration Release -tl:off >"$log" 2>&1 </dev/null 9>&- || {
  grep ': error ' "$log" | sort -u >&2 || cat "$log" >&2
  die "$1 doesn't build, see above"
}
touch "$state/built"
