# Sourced: lets the JVM take names of files for UTF-8, whatever the locale. It reads them in the character map of the locale,
# and in that of C, as in cron and in many containers, an umlaut is lost. LC_ALL of the user goes on in another variable:
# programs that talos-forge runs for the user get it back.
forge_utf8_names() {
    case "$(locale charmap 2>/dev/null || true)" in
        UTF-8 | utf-8 | UTF8 | utf8) ;;
        *)
            TALOS_FORGE_LC_ALL=${LC_ALL:-}
            LC_ALL=C.UTF-8
            export TALOS_FORGE_LC_ALL LC_ALL
            ;;
    esac
}

forge_utf8_names
