#!/usr/bin/env bash
# Downloads Debian's redis-server for the benchmarks `hybrid` and `ef`, and unpacks it to .local/redis. The package is not installed, because
# an installation requires root and starts a server on port 6379.
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

redis=$state/redis

main() {
  mkdir -p "$state"
  if has redis-server || [ -x "$redis/usr/bin/redis-server" ]; then return; fi
  has apt-get && has dpkg-deb || die "no redis-server on the PATH, and no apt-get to get one. Install it, or give the benchmark --redis HOST:PORT"
  lock
  get_redis || { tail -n 5 "$state/apt.log" >&2; die "Debian's redis-server can't be downloaded. Install it, or give the benchmark --redis HOST:PORT"; }
}

# The server is a symbolic link to a program in redis-tools. The libraries are those that a minimal system lacks.
get_redis() {
  local work
  work=$(mktemp -d "$state/redis.XXXXXX")
  say "getting Debian's redis-server (for the benchmark) ..."
  if (cd "$work" && { ! may_install || apt_get update || true; } \
    && apt_get download redis-server redis-tools libjemalloc2 liblzf1 \
    && for package in *.deb; do dpkg-deb -x "$package" . || exit 1; done && rm ./*.deb); then
    rm -rf "$redis"
    mv "$work" "$redis"
  else
    rm -rf "$work"
    return 1
  fi
}

main
