#!/usr/bin/env bash
# Makes the solution build where the package source lacks a package it names, and does nothing where it is complete.
# The verdict is kept in .local until the SDK, the versions or the package sources change; delete .local to start over.
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

export DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
stamp=$state/stamp
props=$state/offline.props
native=$state/librdkafka-2.15.1.so

# What can be missing: a dependency that can be done without, or an optional package as a whole.
replaceable="librdkafka.redist System.Interactive.Async"
required="Confluent.Kafka Microsoft.FASTER.Core"
optional="Testcontainers.Kafka prometheus-net.AspNetCore"

main() {
  require_sdk
  mkdir -p "$state"
  settled && return
  lock
  # Another run may have settled it while this one waited.
  settled && return
  scratch=$(mktemp -d "$state/probe.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  probe
  judge
  fingerprint >"$scratch/stamp"
  mv "$scratch/stamp" "$stamp"
}

require_sdk() {
  local where="get it at https://dotnet.microsoft.com/download/dotnet/10.0"
  has dotnet || die "KafkaCache needs the .NET 10 SDK, and there is no dotnet on the PATH: $where"
  sdk=$(dotnet --version 2>/dev/null) || die "KafkaCache needs the .NET 10 SDK, and there is a .NET runtime only: $where"
  [ "${sdk%%.*}" -ge 10 ] || die "KafkaCache needs the .NET 10 SDK, and this is $sdk: $where"
}

settled() {
  [ -f "$stamp" ] && [ "$(fingerprint)" = "$(cat "$stamp")" ] || return 1
  ! needs_native || native_loads
}

needs_native() { [ -f "$props" ] && grep -q librdkafka.redist "$props"; }

fingerprint() {
  uname -sm
  echo "$sdk"
  local files=("$root/Directory.Packages.props" "$root"/eng/{bootstrap,librdkafka,system}.sh) folder=$root
  files+=("${HOME:-}"/.nuget/NuGet/*.[Cc]onfig "${HOME:-}"/.nuget/config/*.[Cc]onfig)
  while
    files+=("$folder"/[Nn]u[Gg]et.[Cc]onfig)
    [ "$folder" != / ]
  do folder=$(dirname "$folder"); done
  # Most of these don't exist.
  { cat "${files[@]}" 2>/dev/null || true; } | cksum
}

# One throwaway project for each package, in this tree so that its versions and its NuGet.Config apply.
probe() {
  local package
  # Hides the one above, which imports an older verdict.
  echo '<Project />' >"$scratch/Directory.Build.props"
  for package in $required $optional; do
    mkdir "$scratch/$package"
    cat >"$scratch/$package/probe-$package.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="$package" />
  </ItemGroup>
</Project>
XML
    echo "<Project Path=\"$package/probe-$package.csproj\" />"
  done >"$scratch/projects"
  { echo '<Solution>'; cat "$scratch/projects"; echo '</Solution>'; } >"$scratch/probe.slnx"
  dotnet restore "$scratch/probe.slnx" -v:quiet -tl:off -nodeReuse:false >"$scratch/log" 2>&1 </dev/null 9>&- || true
}

judge() {
  local package missing="" absent=""
  grep ': error ' "$scratch/log" | sort -u >"$scratch/errors" || true
  if grep 'error NU1301: ' "$scratch/errors" | head -n 1 >&2; then
    die "the package source can't be reached: check the network and the NuGet sources, then run this again"
  fi
  if grep -vE 'error NU110[123]: ' "$scratch/errors" | head -n 3 >&2; then die "restoring packages failed, see above"; fi

  for package in $(missing_for "$required"); do
    in_list "$package" "$replaceable" || die "the package source lacks $package, which KafkaCache can't be built without"
    missing+=" $package"
  done
  for package in $optional; do
    [ -z "$(missing_for "$package")" ] || absent+="${absent:+;}$package"
  done

  [ -n "$missing$absent" ] || { rm -f "$props"; return; }
  ! in_list librdkafka.redist "$missing" || native_loads || "$root/eng/librdkafka.sh" "$native"
  write_props "$missing" "$absent" >"$scratch/props"
  mv "$scratch/props" "$props"
}

missing_for() {
  local package
  for package in $1; do
    sed -nE "s/.*probe-$package\.csproj.* package ([A-Za-z0-9._-]*[A-Za-z0-9])[. ].*/\1/p" "$scratch/errors"
  done | sort -u
}

in_list() { case " $2 " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

native_loads() { [ -f "$native" ] && ! ldd "$native" 2>&1 | grep -q 'not found'; }

write_props() {
  local package
  echo '<Project>'
  echo '  <PropertyGroup>'
  echo '    <RestoreEnablePackagePruning>true</RestoreEnablePackagePruning>'
  echo "    <MissingPackages>$2</MissingPackages>"
  echo '  </PropertyGroup>'
  echo '  <ItemGroup>'
  for package in $1; do
    echo "    <PrunePackageReference Include=\"$package\" Version=\"99.0.0\" />"
  done
  if in_list librdkafka.redist "$1"; then
    echo "    <None Include=\"\$(MSBuildThisFileDirectory)$(basename "$native")\" Link=\"librdkafka.so\" CopyToOutputDirectory=\"PreserveNewest\" Visible=\"false\" />"
  fi
  echo '  </ItemGroup>'
  echo '</Project>'
}

main
