#!/usr/bin/env bash
# Builds a project or the solution for release, and prints nothing but errors: eng/build.sh KafkaCache.sln
# A project whose last build has seen all that there is now is left as it is: to have MSBuild find that out takes longer than the demo takes to start.
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

main() {
  mkdir -p "$state"
  lock
  cd "$root"
  local stamp=$state/$1.built log=$state/build.log
  if is_current "$1" "$stamp"; then return; fi

  require_sdk
  export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
  [ -f "$stamp" ] || say "building: the first time takes a minute or two ..."
  # As old as the beginning of the build: what is edited meanwhile is newer.
  sources -print | sort | cksum >"$stamp.new"
  dotnet build "$1" --configuration Release -tl:off >"$log" 2>&1 </dev/null 9>&- || {
    grep ': error ' "$log" | sort -u >&2 || cat "$log" >&2
    die "$1 doesn't build, see above"
  }
  mv "$stamp.new" "$stamp"
}

# Whether the same files are there as when its last build began, and none has changed since. The time of the change, not of the content: a file that is moved here brings the latter along.
is_current() {
  [ -f "$1/bin/Release/net10.0/$1.dll" ] && [ -f "$2" ] &&
    sources -print | sort | cksum | cmp -s - "$2" &&
    [ -z "$(sources -cnewer "$2" -print)" ]
}

# sources ACTION...: find, over all that a build reads.
sources() { find KafkaCache* Directory.* -type d \( -name bin -o -name obj \) -prune -o -type f "$@"; }

require_sdk() {
  local where="get it at https://dotnet.microsoft.com/download/dotnet/10.0" sdk
  has dotnet || die "KafkaCache needs the .NET 10 SDK, and there is no dotnet on the PATH: $where"
  sdk=$(dotnet --version 2>/dev/null) || die "KafkaCache needs the .NET 10 SDK, and there is a .NET runtime only: $where"
  [ "${sdk%%.*}" -ge 10 ] || die "KafkaCache needs the .NET 10 SDK, and this is $sdk: $where"
}

main "$@"
