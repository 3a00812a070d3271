#!/usr/bin/env bash
# Builds a project or the solution for release, and prints nothing but errors: eng/build.sh KafkaCache.sln
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

main() {
  require_sdk
  mkdir -p "$state"
  lock
  local log=$state/build.log
  export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
  [ -f "$state/built" ] || say "building: the first time takes a minute or two ..."
  dotnet build "$root/$1" --configuration Release -tl:off >"$log" 2>&1 </dev/null 9>&- || {
    grep ': error ' "$log" | sort -u >&2 || cat "$log" >&2
    die "$1 doesn't build, see above"
  }
  touch "$state/built"
}

require_sdk() {
  local where="get it at https://dotnet.microsoft.com/download/dotnet/10.0" sdk
  has dotnet || die "KafkaCache needs the .NET 10 SDK, and there is no dotnet on the PATH: $where"
  sdk=$(dotnet --version 2>/dev/null) || die "KafkaCache needs the .NET 10 SDK, and there is a .NET runtime only: $where"
  [ "${sdk%%.*}" -ge 10 ] || die "KafkaCache needs the .NET 10 SDK, and this is $sdk: $where"
}

main "$@"
