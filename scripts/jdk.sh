# Sourced: puts JAVA_HOME of a JDK 25 or newer into the environment, or says how to mend it and ends.
forge_is_jdk25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${version:-0}" -ge 25 ]
}

forge_find_jdk() {
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/*jdk*25* "${HOME:-}"/.sdkman/candidates/java/25* \
        "${HOME:-}"/.jdks/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home /usr/lib/jvm/default-java; do
        if [ -n "$candidate" ] && forge_is_jdk25 "$candidate"; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    done
    found=$(java -version 2>&1 | sed -n '1p' || true)
    {
        echo "error: cannot find a JDK 25"
        echo "  why:   JAVA_HOME is \"${JAVA_HOME:-}\", java on the PATH is: ${found:-none}"
        echo "  try:   install JDK 25 (https://adoptium.net), then: export JAVA_HOME=/path/to/jdk-25"
    } >&2
    exit 5
}

forge_find_jdk

# Maven's own libraries use what JDK 25 warns about; that is nobody's business here.
MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
export MAVEN_OPTS
