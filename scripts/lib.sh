# Shared by the scripts: where the project lies, and a JDK that is new enough. Sourced, not run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
IMAGE=$ROOT/target/turntable
readonly ROOT IMAGE JDK_WANTED=25

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# jdk_at DIR: whether a JDK of the wanted version or newer lies there, compiler and linker included.
jdk_at() {
    [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -r "$1/release" ] || return 1
    local major
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge "$JDK_WANTED" ]
}

# find_jdk: prints the home of a usable JDK: JAVA_HOME, the java on the path, else the places where systems keep theirs.
find_jdk() {
    local dir
    if [ -n "${JAVA_HOME:-}" ] && jdk_at "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return
    fi
    if command -v javac >/dev/null; then
        dir=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
        if jdk_at "$dir"; then
            echo "$dir"
            return
        fi
    fi
    for dir in /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if jdk_at "$dir"; then
            echo "$dir"
            return
        fi
    done
    return 1
}

use_jdk() {
    JAVA_HOME=$(find_jdk) || fail "needs JDK $JDK_WANTED or newer: install one (Temurin, for instance), or point JAVA_HOME at it"
    export JAVA_HOME
    command -v mvn >/dev/null || fail "needs Maven 3.8 or newer: install it so that mvn is on the path"
    # Maven's own libraries use what the JDK warns about.
    export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
}

# image_is_current: whether the image was made from the sources and the commit that lie here now.
image_is_current() {
    local stamp=$IMAGE/turntable.properties
    [ -x "$IMAGE/bin/turntable" ] && [ -f "$stamp" ] || return 1
    grep -qx "commit=$(commit)" "$stamp" || return 1
    [ -z "$(find "$ROOT/pom.xml" "$ROOT/modules" "$ROOT/image" "$ROOT/config" "$ROOT/scripts/build" \
        \( -name target -o -path '*/src/test' -o -path "$ROOT/modules/blackbox-tests" -o -path "$ROOT/modules/testkit" \) -prune -o \
        \( -type f -o -path '*/src/*' \) -newer "$stamp" -print -quit)" ]
}

# The commit the sources come from, with a + when they were changed since.
commit() {
    local id
    id=$(git -C "$ROOT" rev-parse --short=8 HEAD 2>/dev/null) || { echo abcd1234; return; }
    if [ -n "$(git -C "$ROOT" status --porcelain -- modules image config pom.xml 2>/dev/null | head -1)" ]; then
        id=$id+
    fi
    echo "$id"
}
