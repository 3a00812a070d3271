#!/usr/bin/env bash
# Builds a project or the solution in the Release configuration, and prints only errors. Example: eng/build.sh KafkaCache.sln
# Skips the build if no source file has changed since the last one. MSBuild would take longer to find this out than the demo takes to start.
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
  # The stamp is written before the build, so that files that are edited during the build are newer than the stamp.
  sources -print | sort | cksum >"$stamp.new"
  dotnet build "$1" --configuration Release -tl:off >"$log" 2>&1 </dev/null 9>&- || {
    grep ': error ' "$log" | sort -u >&2 || cat "$log" >&2
    die "$1 doesn't build, see above"
  }
  mv "$stamp.new" "$stamp"
}

# Whether the source files are the same as when the last build began, and none has changed since. The ctime is compared, because a file that
# is moved into the source tree keeps its old mtime.
is_current() {
  [ -f "$1/bin/Release/net10.0/$1.dll" ] && [ -f "$2" ] &&
    sources -print | sort | cksum | cmp -s - "$2" &&
    [ -z "$(sources -cnewer "$2" -print)" ]
}

# Usage: sources ACTION... Runs find with these actions on all files that a build reads.
sources() { find KafkaCache* Directory.* -type d \( -name bin -o -name obj \) -prune -o -type f "$@"; }

require_sdk() {
  local where="get it at https://dotnet.microsoft.com/download/dotnet/10.0" sdk
  has dotnet || die "KafkaCache needs the .NET 10 SDK, and there is no dotnet on the PATH: $where"
  sdk=$(dotnet --version 2>/dev/null) || die "KafkaCache needs the .NET 10 SDK, and there is a .NET runtime only: $where"
  [ "${sdk%%.*}" -ge 10 ] || die "KafkaCache needs the .NET 10 SDK, and this is $sdk: $where"
}

main "$@"
