# shellcheck shell=bash
# What the launcher needs of the machine: JDK, Maven, PostgreSQL, Java in the server. Finds what is there and
# installs what is not. Sourced by ./bqx, which sets home, say, die and has.

readonly OLDEST_JAVA=17
readonly POSTGRES_VERSIONS=(18 17 16 15)

# ---- what is there -------------------------------------------------------------------------

# The release file spares starting a JVM to ask it.
java_version() { # JDK
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null || true
}

# Sets JAVA_HOME to the first JDK that will do, so that Maven, make and the program use the same.
find_jdk() {
  local candidate version javac
  local candidates=(${JAVA_HOME:+"$JAVA_HOME"})
  if has javac; then
    javac=$(readlink -f "$(command -v javac)")
    candidates+=("${javac%/bin/javac}")
  fi
  candidates+=(/usr/lib/jvm/*)
  for candidate in "${candidates[@]}"; do
    [[ -x $candidate/bin/javac && -x $candidate/bin/java ]] || continue
    version=$(java_version "$candidate")
    if [[ -n $version ]] && ((version >= OLDEST_JAVA)); then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  return 1
}

# Prints the bin directory of the PostgreSQL that the program will start.
find_server() {
  local version bin data=$home/.bqx/data
  local versions=("${POSTGRES_VERSIONS[@]}")
  if [[ -n ${PG_CONFIG:-} ]]; then
    "$PG_CONFIG" --bindir
    return
  fi
  if [[ -r $home/.bqx/home ]]; then
    data=$(<"$home/.bqx/home")/data
  fi
  if [[ -r $data/PG_VERSION ]]; then
    versions=("$(<"$data/PG_VERSION")")
  fi
  for version in "${versions[@]}"; do
    for bin in "/usr/lib/postgresql/$version/bin" "/usr/pgsql-$version/bin"; do
      if [[ -x $bin/postgres && -x $bin/initdb ]]; then
        printf '%s\n' "$bin"
        return
      fi
    done
  done
  if has pg_config; then
    bin=$(pg_config --bindir)
    if [[ -x $bin/postgres && -x $bin/initdb ]]; then
      printf '%s\n' "$bin"
      return
    fi
  fi
  return 1
}

server_has() { # EXTENSION BIN
  [[ -n $2 && -e $("$2/pg_config" --sharedir)/extension/$1.control ]]
}

has_toolchain() { # BIN
  [[ -n $1 ]] && has gcc && has make && [[ -e /usr/include/stdio.h ]] &&
    [[ -e $("$1/pg_config" --includedir-server)/postgres.h ]]
}

# ---- installing ----------------------------------------------------------------------------

can_be_root() { [[ $(id -u) == 0 ]] || { has sudo && sudo -n true 2>/dev/null; }; }

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

# Hundreds of lines that nobody reads unless it fails.
apt_get() {
  local output
  output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null 2>&1) || {
    printf '%s\n' "$output" >&2
    die "apt-get $* failed"
  }
}

apt_updated=
apt_update() {
  if [[ -z $apt_updated ]] && can_be_root; then
    say "asking apt-get for the list of packages"
    (apt_get update) || say "going on with the list as it is"
    apt_updated=yes
  fi
}

apt_offers() { [[ -n $(apt-cache show --no-all-versions "$1" 2>/dev/null) ]]; }

first_offered() { # PACKAGE... FALLBACK
  local package
  for package in "$@"; do
    if apt_offers "$package"; then
      break
    fi
  done
  printf '%s\n' "$package"
}

# A package of the server makes and starts a cluster of its own, which nobody has asked for. What
# the administrator has said about that, or another PostgreSQL is there to say, is left alone.
without_main_cluster() { # COMMAND...
  local conf=/etc/postgresql-common/createcluster.conf
  if [[ -e $conf ]]; then
    "$@"
    return
  fi
  apt_get install --no-install-recommends postgresql-common
  (
    as_root cp -p "$conf" "$conf.bqx"
    trap 'as_root mv "$conf.bqx" "$conf"' EXIT
    as_root sh -c "echo 'create_main_cluster = false' >>$conf"
    "$@"
  )
}

install_packages() { # PACKAGE...
  if can_be_root; then
    say "installing $* (a minute or two)"
    if [[ " $* " =~ " postgresql-"[0-9]+" " ]]; then
      without_main_cluster apt_get install --no-install-recommends "$@"
    else
      apt_get install --no-install-recommends "$@"
    fi
    return
  fi
  say "these packages are needed and not installed: $*"
  die "run: sudo apt-get update && sudo apt-get install --no-install-recommends $*"
}

# Installs those of jdk, maven, server, java-in-server, toolchain, tmux, chromium and numpy that are missing.
# Of the Java runtimes for the server any that is there will do; else PL/Java where apt offers it,
# else what it takes to build sqljrt.
ensure() { # WHAT...
  local what bin='' missing=() packages=()
  bin=$(find_server) || bin=
  for what in "$@"; do
    case $what in
      jdk) find_jdk || missing+=(jdk) ;;
      maven) has mvn || missing+=(maven) ;;
      server) [[ -n $bin ]] || missing+=(server) ;;
      java-in-server)
        server_has pljava "$bin" || server_has sqljrt "$bin" || missing+=(java-in-server)
        ;;
      toolchain) has_toolchain "$bin" || missing+=(toolchain) ;;
      tmux) has tmux || missing+=(tmux) ;;
      chromium) { has chromium && has chromedriver; } || missing+=(chromium) ;;
      numpy) { server_has plpython3u "$bin" && /usr/bin/python3 -c "import numpy" 2>/dev/null; } || missing+=(numpy) ;;
    esac
  done
  ((${#missing[@]})) || return 0
  has apt-get || die "missing: ${missing[*]}; needed are a JDK from $OLDEST_JAVA on, Maven from 3.8 on," \
    "PostgreSQL from ${POSTGRES_VERSIONS[-1]} to ${POSTGRES_VERSIONS[0]} with its headers, gcc and make"

  apt_update
  local version
  if [[ -n $bin ]]; then
    version=$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
  else
    version=$(first_offered "${POSTGRES_VERSIONS[@]/#/postgresql-}" postgresql-NN)
    version=${version#postgresql-}
  fi
  local toolchain=(gcc make libc6-dev "postgresql-server-dev-$version")
  for what in "${missing[@]}"; do
    case $what in
      jdk) packages+=("$(first_offered "openjdk-$OLDEST_JAVA-jdk-headless" default-jdk-headless)") ;;
      maven) packages+=(maven) ;;
      server) packages+=("postgresql-$version") ;;
      java-in-server)
        if apt_offers "postgresql-$version-pljava"; then
          packages+=("postgresql-$version-pljava")
        elif ! has_toolchain "$bin"; then
          packages+=("${toolchain[@]}")
        fi
        ;;
      toolchain) packages+=("${toolchain[@]}") ;;
      tmux) packages+=(tmux) ;;
      chromium)
        if apt_offers chromium-driver; then
          packages+=(chromium chromium-driver)
        else
          say "there is no package chromium-driver: tests of the report in a browser are skipped"
        fi
        ;;
      numpy) packages+=("postgresql-plpython3-$version" python3-numpy) ;;
    esac
  done
  if ((${#packages[@]})); then
    local unique
    unique=$(printf '%s\n' "${packages[@]}" | sort -u | tr '\n' ' ')
    # shellcheck disable=SC2086 # names of packages hold no blanks
    install_packages $unique
  fi
  find_jdk || die "no JDK from $OLDEST_JAVA on was found; set JAVA_HOME to one"
}

# Builds sqljrt, and installs it where it differs from what is installed.
install_sqljrt() {
  local bin built_for built share library
  bin=$(find_server)
  share=$("$bin/pg_config" --sharedir)/extension
  library=$("$bin/pg_config" --pkglibdir)
  # Without its folder's name in it, the same source built in two clones is the same file.
  local make=(make --no-print-directory -s -C "$home/sqljrt" "PG_CONFIG=$bin/pg_config"
    "JAVA_HOME=$JAVA_HOME" "COPT=-ffile-prefix-map=$(printf %q "$home/sqljrt")=.")
  built=$home/target/sqljrt-built-for
  built_for="$("$bin/pg_config" --version): ${make[*]}"
  mkdir -p "$home/target"
  if [[ ! -e $built || $(<"$built") != "$built_for" ]]; then
    "${make[@]}" clean >&2 || die "sqljrt cannot be cleaned"
    printf '%s\n' "$built_for" >"$built"
  fi
  "${make[@]}" -q >/dev/null 2>&1 || say "building sqljrt, Java for the server"
  "${make[@]}" >&2 || die "sqljrt does not build"
  local file same=yes
  for file in "$home"/sqljrt/sql/*.sql "$home/sqljrt/sqljrt.control"; do
    cmp -s "$file" "$share/$(basename "$file")" || same=
  done
  cmp -s "$home/sqljrt/sqljrt.so" "$library/sqljrt.so" || same=
  if [[ -z $same ]]; then
    if ! can_be_root; then
      say "the sqljrt in $library is not the one built here; to install that, run:"
      say "sudo ${make[*]@Q} install"
      return 1
    fi
    say "installing sqljrt in $library"
    as_root "${make[@]}" install >&2 || die "sqljrt cannot be installed"
  fi
}

# The embedded server, and Java in it; what the build needs too, so that packages come at once.
ensure_server() {
  local bin needed=(jdk server java-in-server)
  is_built || needed+=(maven)
  ensure "${needed[@]}"
  bin=$(find_server)
  if ! server_has pljava "$bin" && has_toolchain "$bin"; then
    install_sqljrt || server_has sqljrt "$bin" || exit 1
  fi
}
