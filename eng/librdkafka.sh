#!/usr/bin/env bash
# Builds librdkafka from the sources inside Confluent's npm package: eng/librdkafka.sh TARGET.so
# Called by bootstrap.sh, under its lock, where the package source lacks librdkafka.redist.
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

version=2.15.1
package=@confluentinc/kafka-javascript@1.10.1
sha512=KVePUBn21EqCVP9mfxzEuM3SYJHHEF7X+iiC2e43QQgDSyEaksInmCGooT3w5q+cNAdkSCrK71j0ICfqoSqZLw==

main() {
  local target=$1
  matches_confluent
  require_tools
  # Outside the tree: the sources' makefiles don't cope with a space in the path.
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  say "building librdkafka $version, which the package source lacks: about a minute ..."
  unpack
  compile
  strip "$work/source/src/librdkafka.so.1"
  cp "$work/source/src/librdkafka.so.1" "$target.new"
  mv "$target.new" "$target"
}

matches_confluent() {
  grep -q "\"Confluent.Kafka\" Version=\"$version\"" "$root/Directory.Packages.props" ||
    die "eng/librdkafka.sh builds $version, and Directory.Packages.props names another Confluent.Kafka: bring them together"
  [ "$(uname -s)" = Linux ] || die "the package source lacks librdkafka.redist, and it is built from source on Linux only"
}

require_tools() {
  local lacking
  lacking=$(lacking_tools)
  [ -n "$lacking" ] || return 0
  # shellcheck disable=SC2086 # a list of package names
  install "to build librdkafka" $lacking || true
  lacking=$(lacking_tools)
  [ -z "$lacking" ] || die "the package source lacks librdkafka.redist, and building it needs: $lacking (Debian's names). Install them, then run this again"
}

lacking_tools() {
  local lacking=""
  has gcc || lacking+=" gcc libc6-dev"
  has make || lacking+=" make"
  has python3 || lacking+=" python3"
  has npm || lacking+=" npm"
  has_header openssl/ssl.h || lacking+=" libssl-dev"
  has_header zlib.h || lacking+=" zlib1g-dev"
  has_header zstd.h || lacking+=" libzstd-dev"
  echo "${lacking# }"
}

has_header() { has gcc && echo "#include <$1>" | gcc -E -x c - >/dev/null 2>&1; }

unpack() {
  local archive expected
  npm pack --ignore-scripts --silent --pack-destination "$work" "$package" >"$work/log" 2>&1 </dev/null || fail "downloading $package failed"
  archive=$(echo "$work"/*.tgz)
  expected=$(echo "$sha512" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  echo "$expected  $archive" | sha512sum --check --status || die "$package is not the archive that eng/librdkafka.sh expects: its SHA-512 differs"
  tar -xzf "$archive" -C "$work" package/deps/librdkafka
  mv "$work/package/deps/librdkafka" "$work/source"
}

compile() {
  cd "$work/source"
  ./configure --disable-debug-symbols --disable-gssapi --disable-curl --disable-lz4-ext >"$work/log" 2>&1 || fail "configuring librdkafka failed"
  # A feature whose library isn't found is left out without a word.
  local feature
  for feature in WITH_SSL WITH_ZLIB WITH_ZSTD; do
    grep -q "^#define $feature 1" config.h || fail "librdkafka was configured without $feature"
  done
  make -C src -j"$(nproc)" librdkafka.so.1 >"$work/log" 2>&1 || fail "compiling librdkafka failed"
}

fail() {
  tail -n 20 "$work/log" >&2
  die "$1"
}

main "$@"
