# Shared by packaging/run, test, bench and lint; sourced, never run.
# Bash, nothing beyond what a bare Debian or Ubuntu has.

set -euo pipefail
tl_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$tl_root"
# Tools' messages are read below; their language must not depend on the caller's.
export LC_ALL=C.UTF-8

tl_say() { printf '%s\n' "$*"; }
tl_die() { printf 'tierline: %s\n' "$*" >&2; exit 1; }

# --- packages ----------------------------------------------------------------
# Names as in Debian 12; where a later release renamed one, the new package Provides the old name.

tl_build_packages=(
    g++ cmake ninja-build pkg-config git ca-certificates ccache mold
    qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev libqt6sql6-sqlite qt6-qpa-plugins
    qtkeychain-qt6-dev libsqlite3-dev zlib1g-dev libgumbo-dev libre2-dev libsimdjson-dev
    libical-dev
    fonts-dejavu-core fonts-inter tzdata
)
tl_test_packages=(xvfb xauth openbox xdotool)
# Certificates made at test time.
tl_test_packages+=(openssl)
# A real keyring for tests/secrets. QtKeychain loads libsecret by itself, so it depends on no such package.
tl_keyring_packages=(gnome-keyring libsecret-1-0 dbus-daemon)
# What tests/support/rt/start-rt would otherwise install in the middle of the tests.
tl_rt_packages=(request-tracker5 rt5-standalone rt5-db-sqlite starlet sqlite3 curl)
# A real mail server for tests/notify/smtpserver.
tl_mail_packages=(exim4-daemon-light)
# What packaging/tsan-qt compiles Qt with, beside the packages for building.
tl_tsan_packages=(dpkg-dev xz-utils patch perl libicu-dev libpcre2-dev libssl-dev zlib1g-dev libzstd-dev libsqlite3-dev)
tl_lint_packages=(clang-format clang-tidy)

# Prints those of the given packages that are not installed, under their own name or as something
# that an installed package provides. One call of dpkg-query: about 50 ms.
tl_missing_packages() {
    dpkg-query -W -f '${db:Status-Status}|${Package}|${Provides}\n' 2>/dev/null |
        awk -v wanted="$*" -F'|' '
            $1 == "installed" {
                have[$2] = 1
                gsub(/\([^)]*\)/, "", $3)
                n = split($3, provided, /[ ,]+/)
                for (i = 1; i <= n; i++) have[provided[i]] = 1
            }
            END { n = split(wanted, w, " "); for (i = 1; i <= n; i++) if (!(w[i] in have)) print w[i] }'
}

tl_as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

# tl_need NAME...: installs what is missing, and asks apt nothing where all is there.
tl_need() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        tl_say "This is no Debian or Ubuntu: nothing is installed. Needed, by Debian's names: $*"
        return 0
    fi
    local -a missing
    mapfile -t missing < <(tl_missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        tl_die "these packages are missing, and installing them takes root or sudo: ${missing[*]}"
    fi
    tl_say "Installing with apt: ${missing[*]}"
    mkdir -p build
    local log=build/apt.log
    local -a apt=(env DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true
        apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3
        --no-install-recommends)
    # Lists that are there may be stale, so one failed install is tried again with fresh ones.
    if ! apt-cache policy "${missing[@]}" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
        tl_as_root "${apt[@]}" update </dev/null >"$log" 2>&1 || { tail -n 40 "$log" >&2; tl_die 'apt-get update failed; is there a network?'; }
    fi
    tl_as_root "${apt[@]}" install "${missing[@]}" </dev/null >>"$log" 2>&1 || {
        tl_as_root "${apt[@]}" update </dev/null >>"$log" 2>&1 || true
        tl_as_root "${apt[@]}" install "${missing[@]}" </dev/null >>"$log" 2>&1
    } || { tail -n 60 "$log" >&2; tl_die "apt-get could not install: ${missing[*]}"; }
}

# --- building ----------------------------------------------------------------

# As many compilers as there are cores, and no more than the free memory carries (about 1 GiB each).
# TIERLINE_JOBS decides otherwise.
tl_jobs() {
    local cores memory
    if [ -n "${TIERLINE_JOBS:-}" ]; then echo "$TIERLINE_JOBS"; return; fi
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1024 / 1024) }' /proc/meminfo)
    [ "$memory" -ge 1 ] || memory=1
    if [ "$memory" -lt "$cores" ]; then echo "$memory"; else echo "$cores"; fi
}

# Warnings are errors with the compiler that we look at ourselves, and in CI. A newer compiler's new
# warning is no reason not to start a program that its user wants to try. TIERLINE_WERROR=ON|OFF decides otherwise.
tl_werror() {
    if [ -n "${TIERLINE_WERROR:-}" ]; then echo "$TIERLINE_WERROR"; return; fi
    case $(g++ -dumpversion 2>/dev/null) in
        12 | 12.*) echo ON ;;
        *) echo OFF ;;
    esac
}

# tl_configure PRESET [-D...]: only where it has not been done, since ninja repeats it when it must.
tl_configure() {
    local preset=$1 log=build/$1.configure.log werror
    shift
    werror=$(tl_werror)
    mkdir -p build
    if [ -f "build/$preset/build.ninja" ] && grep -q "^TIERLINE_WERROR:BOOL=$werror$" "build/$preset/CMakeCache.txt"; then
        return 0
    fi
    cmake --preset "$preset" "-DTIERLINE_WERROR=$werror" "$@" >"$log" 2>&1 || { cat "$log" >&2; tl_die "cmake could not configure the $preset build"; }
}

# tl_build PRESET [TARGET...]: quiet when all is well, else everything from the first failure on.
tl_build() {
    local preset=$1 log=build/$1.build.log
    shift
    ninja -C "build/$preset" -j "$(tl_jobs)" "$@" >"$log" 2>&1 || {
        sed -n '/^FAILED\|^ninja: \|CMake Error/,$p' "$log" | head -n 400 >&2
        tl_die "the $preset build failed; everything it said is in $log"
    }
}
