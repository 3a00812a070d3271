#!/usr/bin/env bash
# Installs or downloads the tools that some tests need in addition to the SDK, and prints which tests will be skipped without them.
set -euo pipefail
# shellcheck source=eng/system.sh
. "$(dirname "${BASH_SOURCE[0]}")/system.sh"

prometheus=$state/prometheus
postgres=$state/postgres

main() {
  mkdir -p "$state"
  real_kafka
  has_prometheus || { lock; has_prometheus || get_prometheus || say "skipping the tests that need Prometheus: no prometheus on the PATH (Debian's package: prometheus)"; }
  has_postgres || { lock; has_postgres || get_postgres || say "skipping the tests on PostgreSQL: no server in /usr/lib/postgresql (Debian's package: postgresql-15), and KAFKACACHE_TEST_POSTGRES is not set"; }
  has_browser || { lock; has_browser || get_browser || say "skipping the tests in a browser: no chromium on the PATH (Debian's package: chromium)"; }
}

real_kafka() {
  if [ -n "${KAFKACACHE_TEST_BOOTSTRAP_SERVERS:-}" ] || has_docker; then return; fi
  if [ -z "${KAFKA_HOME:-}" ]; then
    say "skipping the tests on a real Kafka: set KAFKA_HOME (an unpacked release) or KAFKACACHE_TEST_BOOTSTRAP_SERVERS, or start Docker"
    return
  fi
  # If KAFKA_HOME is set, the tests on a real Kafka were requested. Skipping them would look like a success, so a problem is an error.
  compgen -G "$KAFKA_HOME/libs/kafka_*.jar" >/dev/null || die "KAFKA_HOME is not an unpacked Kafka release: no libs/kafka_*.jar in $KAFKA_HOME"
  has_java || { lock; has_java || get_java || die "KAFKA_HOME is set, and Kafka needs Java 17 or later (Debian's package: openjdk-17-jre-headless)"; }
}

has_docker() {
  [ -n "${DOCKER_HOST:-}" ] || [ -S /var/run/docker.sock ]
}

has_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/}java major
  major=$("$java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p') || return 1
  [ "${major:-0}" -ge 17 ]
}

get_java() {
  install "for a real Kafka" openjdk-17-jre-headless || install "for a real Kafka" default-jre-headless
  has_java
}

has_prometheus() { PATH=$PATH:$prometheus/usr/bin has promtool && PATH=$PATH:$prometheus/usr/bin has prometheus; }

# Unpacks the package instead of installing it, because an installation requires root and starts a server on port 9090.
get_prometheus() {
  has apt-get && has dpkg-deb || return 1
  local work
  work=$(mktemp -d "$state/prometheus.XXXXXX")
  if download_prometheus "$work"; then
    rm -rf "$prometheus"
    mv "$work" "$prometheus"
  else
    rm -rf "$work"
    return 1
  fi
}

download_prometheus() {
  say "getting Debian's prometheus (for the tests) ..."
  cd "$1"
  ! may_install || apt_get update || true
  apt_get download prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb
}

has_postgres() {
  [ -n "${KAFKACACHE_TEST_POSTGRES:-}" ] ||
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || compgen -G "$postgres/usr/lib/postgresql/*/bin/initdb" >/dev/null
}

# Unpacks the packages instead of installing them, because an installation requires root and starts a server on port 5432.
get_postgres() {
  has apt-get && has dpkg-deb || return 1
  local work
  work=$(mktemp -d "$state/postgres.XXXXXX")
  if (download_postgres "$work"); then
    chmod 755 "$work"
    rm -rf "$postgres"
    mv "$work" "$postgres"
  else
    rm -rf "$work"
    return 1
  fi
}

# Downloads the packages, and the libraries that a minimal system lacks.
download_postgres() {
  say "getting Debian's postgresql-15 (for the tests) ..."
  cd "$1"
  ! may_install || apt_get update || true
  apt-get download postgresql-15 postgresql-client-15 libpq5 libgssapi-krb5-2 libicu72 libk5crypto3 libkrb5-3 libkrb5support0 libldap-2.5-0 libllvm14 libsasl2-2 libxml2 libxslt1.1 &&
    for package in *.deb; do dpkg-deb -x "$package" . || return 1; done && rm ./*.deb
}

has_browser() { has chromium || has chromium-browser || has google-chrome; }

# Installs a font too, because without any font, as on a minimal system, all text has zero width.
get_browser() {
  install "for the tests in a browser" chromium fonts-dejavu-core && has_browser
}

main
