# Reads the part of YAML that the lab understands and prints one line per scalar: path, kind and text, separated by tabs.
#
#   0/container/args/1	text	--verbose
#
# The first part of a path is the number of the document. Kinds are text, quoted (a text in quotes, which is never a
# truth value), null, map and list; the last two stand for {} and [] only. In a text a newline is \n, a tab \t and a backslash \\; in a path a slash of a key is ~1.
# Understood: mappings and lists by indentation, [a, b] on one line, {}, plain and quoted scalars on one line, literal
# blocks (|). Whatever else YAML has ends the reading with a message: a file is read as it is meant, or not at all.

function fail(why) {
    printf "%s, line %d: %s\n", name, pos, why > "/dev/stderr"
    failed = 1
    exit 1
}

function indent(line) { match(line, /^ */); return RLENGTH }
function blanks(count) { return sprintf("%" count "s", "") }
function trim(text) { sub(/^ +/, "", text); sub(/ +$/, "", text); return text }
function starts(text, what) { return substr(text, 1, length(what)) == what }

function emit(path, kind, text) {
    gsub(/\\/, "\\\\", text)
    gsub(/\n/, "\\n", text)
    gsub(/\t/, "\\t", text)
    print path "\t" kind "\t" text
}

# Goes to the next line that says something; false at the end of the document.
function more() {
    while (pos <= lines && line[pos] ~ /^ *(#.*)?$/) pos++
    if (pos > lines || line[pos] ~ /^(---|\.\.\.)( |$)/) return 0
    if (line[pos] ~ /^ *\t/) fail("a tab is no indentation")
    return 1
}

# Where a quoted text ends that begins at the start of text; unquoted holds what it says.
function quoted(text,    quote, at, c, e) {
    quote = substr(text, 1, 1)
    unquoted = ""
    for (at = 2; at <= length(text); at++) {
        c = substr(text, at, 1)
        if (c == quote && quote == "'" && substr(text, at + 1, 1) == "'") { unquoted = unquoted c; at++; continue }
        if (c == quote) return at
        if (c == "\\" && quote == "\"") {
            e = substr(text, ++at, 1)
            if (e == "n") c = "\n"
            else if (e == "t") c = "\t"
            else if (e == "\"" || e == "\\" || e == "/") c = e
            else fail("the escape \\" e " is not understood")
        }
        unquoted = unquoted c
    }
    fail("a quoted text does not end on its line")
}

# Where the value begins when text is "key: value"; key is set. 0 when it is not.
function split_key(text,    end) {
    if (text ~ /^["']/) {
        end = quoted(text)
        if (substr(text, end + 1) !~ /^ *:( |$)/) return 0
        key = unquoted
        return end + index(substr(text, end + 1), ":") + 1
    }
    if (text ~ /^[[{|>&*!%@`?-]/ || !match(text, /:( |$)/)) return 0
    key = substr(text, 1, RSTART - 1)
    if (key ~ / #/) return 0
    return RSTART + 1
}

function joined(path) { gsub(/\//, "~1", key); return path "/" key }

function mapping(path, depth,    at, rest, child) {
    while (more() && indent(line[pos]) == depth) {
        rest = substr(line[pos], depth + 1)
        if (rest ~ /^-( |$)/) break
        at = split_key(rest)
        if (!at) fail("not a key and a value: " rest)
        child = joined(path)
        if (child in seen) fail("the key " key " is there twice")
        seen[child] = 1
        value(child, trim(substr(rest, at)), depth, 1)
    }
    if (more() && indent(line[pos]) > depth) fail("deeper than what stands around it")
}

function sequence(path, depth,    number, rest, offset) {
    while (more() && indent(line[pos]) == depth && substr(line[pos], depth + 1) ~ /^-( |$)/) {
        rest = substr(line[pos], depth + 2)
        offset = depth + 1 + indent(rest)
        rest = trim(rest)
        if (rest ~ /^- / || split_key(rest)) {
            line[pos] = blanks(offset) rest
            block(path "/" number + 0, offset)
        } else {
            value(path "/" number + 0, rest, depth, 0)
        }
        number++
    }
    if (more() && indent(line[pos]) > depth) fail("deeper than what stands around it")
}

function block(path, least,    depth) {
    if (!more() || (depth = indent(line[pos])) < least) { emit(path, "null", ""); return }
    if (substr(line[pos], depth + 1) ~ /^-( |$)/) sequence(path, depth)
    else mapping(path, depth)
}

# What stands behind a key or a dash. A list may begin below its key without being deeper.
function value(path, rest, depth, keyed,    end) {
    if (rest == "" || rest ~ /^#/) {
        pos++
        if (keyed && more() && indent(line[pos]) == depth && substr(line[pos], depth + 1) ~ /^-( |$)/) sequence(path, depth)
        else block(path, depth + 1)
    } else if (rest ~ /^\|/) {
        literal(path, rest, depth)
    } else if (rest ~ /^\[/) {
        flow(path, rest, depth)
    } else if (rest ~ /^["']/) {
        end = quoted(rest)
        if (substr(rest, end + 1) !~ /^ *$/ && substr(rest, end + 1) !~ /^ +#/) fail("something stands behind a quoted text")
        emit(path, "quoted", unquoted)
        single(depth)
    } else {
        sub(/ +#.*$/, "", rest)
        plain(path, rest)
        single(depth)
    }
}

function plain(path, text) {
    if (text == "{}") { emit(path, "map", ""); return }
    if (text ~ /^(~|null|Null|NULL)$/) { emit(path, "null", ""); return }
    if (text == "-") fail("not understood: -")
    if (text ~ /^>/) fail("folded text (>) is not understood here, literal text (|) is")
    if (text ~ /^[],&*!%@`?{}]/) fail("not understood: " text)
    if (text ~ /: / || text ~ /:$/) fail("a text with a colon has to be quoted: " text)
    emit(path, "text", text)
}

# A scalar that began on this line has to end on it.
function single(depth) {
    pos++
    if (more() && indent(line[pos]) > depth) fail("a text that goes on in the next line is not understood")
}

function flow(path, text, depth,    number, end, item) {
    text = trim(substr(text, 2))
    while (!starts(text, "]")) {
        if (text ~ /^["']/) {
            end = quoted(text)
            emit(path "/" number + 0, "quoted", unquoted)
            text = trim(substr(text, end + 1))
        } else {
            if (!match(text, /[],]/)) fail("a list in [] does not end on its line")
            item = trim(substr(text, 1, RSTART - 1))
            if (item == "") fail("an item of a list in [] is empty")
            if (item ~ /[[{}]/) fail("not understood: " item)
            plain(path "/" number + 0, item)
            text = substr(text, RSTART)
        }
        number++
        if (starts(text, ",")) text = trim(substr(text, 2))
        else if (!starts(text, "]")) fail("a list in [] does not end on its line")
    }
    if (substr(text, 2) !~ /^ *$/ && substr(text, 2) !~ /^ +#/) fail("something stands behind a list")
    if (!number) emit(path, "list", "")
    single(depth)
}

# A literal block: its lines without their common indentation.
function literal(path, header, depth,    width, keep, text, at, any) {
    sub(/ +#.*$/, "", header)
    if (header !~ /^\|([1-9]?[+-]?|[+-][1-9])$/) fail("not understood: " header)
    keep = header ~ /\+/ ? 1 : header ~ /-/ ? -1 : 0
    if (match(header, /[1-9]/)) width = depth + substr(header, RSTART, 1)
    for (at = ++pos; !width && at <= lines; at++) {
        if (line[at] !~ /^ *$/) { width = indent(line[at]); break }
    }
    if (width <= depth) width = depth + 1
    while (pos <= lines && (line[pos] ~ /^ *$/ || indent(line[pos]) >= width)) {
        text = text substr(line[pos], width + 1) "\n"
        if (line[pos] !~ /^ *$/) any = 1
        pos++
    }
    if (keep < 1) sub(/\n+$/, "", text)
    if (keep == 0 && any) text = text "\n"
    emit(path, "text", text)
}

NR == 1 { sub(/^\357\273\277/, "") } # what some editors put first

{ sub(/\r$/, ""); line[++lines] = $0 }

END {
    if (failed) exit 1
    pos = 1
    if (lines > 20000) fail("more than 20000 lines")
    while (pos <= lines) {
        if (more()) {
            if (line[pos] ~ /^%/) fail("directives (%) are not understood")
            block(documents + 0, 0)
            documents++
            if (more()) fail("not understood: " line[pos])
        }
        if (pos <= lines) {
            if (line[pos] !~ /^(---|\.\.\.) *(#.*)?$/) fail("a document that begins on the line of its mark is not understood")
            pos++
        }
    }
}
