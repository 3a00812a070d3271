# Functions that the other scripts in this folder source: messages, the lock, and system packages.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=$root/.local

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Takes the lock, which is held until the script ends. Child processes that live longer, such as build servers, must close file descriptor 9,
# because they would keep the lock.
lock() {
  has flock || return 0
  exec 9>"$state/lock"
  flock 9
}

may_install() { [ "$(id -u)" = 0 ] && has apt-get; }

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >"$state/apt.log" 2>&1 </dev/null; }

# Usage: install PURPOSE PACKAGE... Installs Debian packages, or fails if that isn't possible. The caller prints the error message.
install() {
  local purpose=$1
  shift
  may_install || return 1
  say "installing $* ($purpose) ..."
  # A failed update is ignored, because the install may succeed with the existing package lists.
  apt_get update || true
  apt_get install -y --no-install-recommends "$@" || { tail -n 5 "$state/apt.log" >&2; return 1; }
}
