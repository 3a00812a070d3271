# Sourced by the scripts beside it: messages, the lock, and system packages.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$root/.local

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Held until the script ends. Long-lived children (build servers) must close descriptor 9, or they keep it.
lock() {
  has flock || return 0
  exec 9>"$state/lock"
  flock 9
}

may_install() { [ "$(id -u)" = 0 ] && has apt-get; }

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >"$state/apt.log" 2>&1 </dev/null; }

# install PURPOSE PACKAGE...: installs Debian packages where it may, else fails and leaves the message to the caller.
install() {
  local purpose=$1
  shift
  may_install || return 1
  say "installing $* ($purpose) ..."
  # A list that can't be refreshed matters only if the install fails too.
  apt_get update || true
  apt_get install -y --no-install-recommends "$@" || { tail -n 5 "$state/apt.log" >&2; return 1; }
}
