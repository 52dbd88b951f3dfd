#!/bin/sh
# Starts Turntable from the image this file lies in, wherever that is. The JVM flags are baked into the image; what is added here
# is only what depends on where the image lies: its start-up cache, and the path by which a configuration can name this command.
set -eu
self=$0
[ ! -L "$self" ] || self=$(readlink -f "$self")
case $self in
    */*) bin=${self%/*} ;;
    *) bin=$(dirname "$(command -v "$self")") ;;
esac
home=$(cd "$bin/.." && pwd -P)
TURNTABLE_BIN=$home/bin/turntable
export TURNTABLE_BIN

# The JVM reads paths, arguments and variables in the character set of its locale, and a service or a container often has none: what is
# beyond ASCII would be lost. So the JVM gets a UTF-8 locale of its own; TURNTABLE_LOCALE says what was there, and our code gives that, not
# ours, to children and to the configuration.
TURNTABLE_LOCALE=${LC_ALL+LC_ALL=$LC_ALL}
LC_ALL=C.UTF-8
export LC_ALL TURNTABLE_LOCALE
if [ "$(locale charmap 2>/dev/null || echo UTF-8)" != UTF-8 ]; then
    LC_ALL=$(locale -a 2>/dev/null | grep -i 'utf-\{0,1\}8$' | head -n 1 || true)
    [ -n "$LC_ALL" ] || LC_ALL=C
fi

# start MODULE/CLASS CACHE OPTION... : a missing cache costs start-up time and nothing else.
main=dev.turntable.app/dev.turntable.app.Main
cache=$home/lib/turntable.aot
if [ "${1-}" = demo-upstream ]; then
    main=dev.turntable.demo/dev.turntable.demo.DemoUpstream
    cache=$home/lib/demo-upstream.aot
    demo="-Xms8m -Xmn4m -Xmx24m -Xss256k -XX:TieredStopAtLevel=1"
    shift
    # Left to the JVM, a SIGTERM takes 300 ms: it waits that long for threads that read from sockets. Left to the kernel, it takes none.
    case " $* " in
        *" --ignore-term"* | *" --term-ms"*) ;;
        *) demo="$demo -Xrs" ;;
    esac
fi
# shellcheck disable=SC2086 # the options are words
if [ -f "$cache" ]; then
    exec "$home/bin/java" "-XX:AOTCache=$cache" ${demo-} ${TURNTABLE_JAVA_OPTIONS-} -m "$main" "$@"
fi
exec "$home/bin/java" ${demo-} ${TURNTABLE_JAVA_OPTIONS-} -m "$main" "$@"
