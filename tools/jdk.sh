# shellcheck shell=sh disable=SC2154,SC1007
# Finds a JDK, for ./sluice and ./check. POSIX sh, to be sourced; the caller has set $me, its name for messages.

die() {
    printf '%s: %s\n' "$me" "$*" >&2
    exit 1
}

java_wanted=25

# Sets $version to the feature version (25) of the JDK at $1, empty when there is none. Reads its release file, because
# starting java costs more than all of the rest of this script.
jdk_version() {
    version=
    [ -x "$1/bin/java" ] || return 0
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                version=${value#\"}
            fi
        done <"$1/release"
    else
        version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
    fi
    version=${version%%[!0-9]*}
}

# True when $1 is a JDK that is new enough; remembers in $seen what was too old, one of each version.
usable_jdk() {
    jdk_version "$1"
    [ -n "$version" ] || return 1
    if [ "$version" -lt "$java_wanted" ]; then
        case "$seen" in *"$version ("*) ;; *) seen="$seen${seen:+, }$version ($1)" ;; esac
        return 1
    fi
    [ "${runtime_only-}" = 1 ] || [ -x "$1/bin/javac" ]
}

# Sets $java_dir to the home of the java on PATH, its links followed.
java_on_path() {
    java_dir=$(command -v java) || return 1
    while [ -L "$java_dir" ]; do
        link=$(readlink "$java_dir") || return 1
        case "$link" in /*) java_dir=$link ;; *) java_dir=${java_dir%/*}/$link ;; esac
    done
    java_dir=${java_dir%/*}/..
    java_dir=$(CDPATH= cd -P -- "$java_dir" 2>/dev/null && pwd)
}

# Sets $jdk to the home of a JDK: the one that was named, the one in use, else the oldest good one in the usual places.
find_jdk() {
    jdk= seen=
    if [ -n "${SLUICE_JAVA_HOME-}" ]; then
        jdk=${SLUICE_JAVA_HOME%/}
        usable_jdk "$jdk" ||
            die "SLUICE_JAVA_HOME is $SLUICE_JAVA_HOME (${version:+Java $version, }expected: the home of a JDK $java_wanted or newer)"
        return 0
    fi
    if [ -n "${JAVA_HOME-}" ] && usable_jdk "${JAVA_HOME%/}"; then
        jdk=${JAVA_HOME%/}
        return 0
    fi
    if java_on_path && usable_jdk "$java_dir"; then
        jdk=$java_dir
        return 0
    fi
    best=
    for home in /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/* /opt/java/* /opt/jvm/* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jdks/*/Contents/Home "$HOME"/.gradle/jdks/* \
        "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if usable_jdk "$home" && { [ -z "$best" ] || [ "$version" -lt "$best" ]; }; then
            jdk=$home best=$version
        fi
    done
    [ -n "$jdk" ] || no_jdk
}

no_jdk() {
    case "$(uname -s)" in Darwin) os=mac ;; *) os=linux ;; esac
    case "$(uname -m)" in arm64 | aarch64) arch=aarch64 ;; *) arch=x64 ;; esac
    if [ "$os" = linux ] && [ -e /etc/alpine-release ]; then os=alpine-linux; fi
    {
        printf '%s needs a JDK %s or newer%s.\n\n' "$me" "$java_wanted" "${seen:+ and found only Java $seen}"
        printf 'This puts one into your home, where it is found (nothing else is changed):\n\n'
        printf '    mkdir -p ~/.jdks && curl -fsSL https://api.adoptium.net/v3/binary/latest/%s/ga/%s/%s/jdk/hotspot/normal/eclipse | tar xz -C ~/.jdks\n\n' \
            "$java_wanted" "$os" "$arch"
        printf 'or, by a package manager:\n\n'
        case "$os" in
        mac) printf '    brew install openjdk@%s\n' "$java_wanted" ;;
        alpine-linux) printf '    apk add openjdk%s\n' "$java_wanted" ;;
        *)
            printf '    apt install openjdk-%s-jdk            Debian 13, Ubuntu 24.04 and newer\n' "$java_wanted"
            printf '    dnf install java-%s-openjdk-devel     Fedora, RHEL\n' "$java_wanted"
            ;;
        esac
        printf '    sdk install java                      SDKMAN\n\n'
        printf 'A JDK elsewhere is named by SLUICE_JAVA_HOME.\n'
    } >&2
    exit 1
}
