# SPDX-License-Identifier: MIT
# The tables of api/com/dispatch.h from an IDL file:
#     awk -v part=header|source -v name=FILE -v interfaces_h=WIDL-HEADER -f dispatch.awk IDL
# FILE is the name of the header made by part=header. For every interface under IDispatch there is
# one `const struct dispatch_table dispatch_<interface>`. Works in any POSIX awk.

# Comments and cpp_quote lines go; the rest is one text.
{
    line = $0
    if (line ~ /^cpp_quote/)
        next
    while (1) {
        if (in_comment) {
            end = index(line, "*/")
            if (!end)
                next
            line = substr(line, end + 2)
            in_comment = 0
        }
        start = index(line, "/*")
        if (!start)
            break
        text = text substr(line, 1, start - 1) " "
        line = substr(line, start + 2)
        in_comment = 1
    }
    text = text line " "
}

END {
    base["IDispatch"] = "IUnknown"
    while (match(text, /[;{}]/)) {
        one = trim(substr(text, 1, RSTART - 1))
        mark = substr(text, RSTART, 1)
        text = substr(text, RSTART + 1)
        statement(one, mark)
    }
    print "/* SPDX-License-Identifier: MIT */"
    print "/* Made by dispatch.awk. */"
    if (part == "header")
        print_header()
    else
        print_source()
    exit failed
}

function trim(s)
{
    gsub(/[ \t]+/, " ", s)
    sub(/^ /, "", s)
    sub(/ $/, "", s)
    return s
}

function statement(s, mark,    words, n)
{
    if (mark == "{") {
        if (s ~ /typedef enum /) {
            n = split(s, words, " ")
            enums[substr(words[n], 2)] = 1 # typedef enum _NAME
        } else if (s ~ /interface [A-Za-z0-9_]+ : [A-Za-z0-9_]+$/) {
            n = split(s, words, " ")
            current = words[n - 2]
            base[current] = words[n]
            order[++interfaces] = current
        }
    } else if (mark == "}") {
        current = ""
    } else if (current != "" && dispatches(base[current])) {
        method(s)
    }
}

function dispatches(i)
{
    while (i != "" && i != "IDispatch")
        i = base[i]
    return i == "IDispatch"
}

function fail(what)
{
    print "dispatch.awk: " current ": " what > "/dev/stderr"
    failed = 1
}

# [id(0x100), propget] HRESULT Name([in] TYPE name, [out, retval] TYPE *name)
function method(s,    attributes, id, kind, mname, params, list, n, i, k)
{
    if (!match(s, /^\[[^]]*\]/)) {
        fail("no attributes: " s)
        return
    }
    attributes = substr(s, 2, RLENGTH - 2)
    s = trim(substr(s, RLENGTH + 1))
    if (!match(attributes, /id\(0x[0-9A-F]+\)/)) {
        fail("no id: " s)
        return
    }
    id = substr(attributes, RSTART + 3, RLENGTH - 4)
    kind = attributes ~ /propget/ ? "PROPERTYGET" : "METHOD"
    if (attributes ~ /propput/)
        kind = "PROPERTYPUT"
    if (!match(s, /^HRESULT [A-Za-z0-9_]+\(/)) {
        fail("not a method: " s)
        return
    }
    mname = substr(s, 9, RLENGTH - 9)
    params = substr(s, RLENGTH + 1)
    sub(/\)$/, "", params)
    k = current SUBSEP (++methods[current])
    m_name[k] = mname
    m_id[k] = id
    m_kind[k] = kind
    gsub(/out, retval/, "retval", params)
    n = trim(params) == "" ? 0 : split(params, list, ",")
    for (i = 1; i <= n; i++)
        parameter(k, trim(list[i]), i == n)
}

function parameter(k, p, last,    direction, pname, type)
{
    if (!match(p, /^\[[a-z]+\] /)) {
        fail("no direction: " p)
        return
    }
    direction = substr(p, 2, RLENGTH - 3)
    p = substr(p, RLENGTH + 1)
    match(p, /[A-Za-z0-9_]+$/)
    pname = substr(p, RSTART)
    type = trim(substr(p, 1, RSTART - 1))
    gsub(/ /, "", type)
    if (direction == "retval" && last && sub(/\*$/, "", type)) {
        m_result[k] = type
    } else if (direction == "in") {
        p_name[k, ++m_in[k]] = pname
        p_type[k, m_in[k]] = type
    } else {
        fail("only [in] and a last [out, retval] can be late-bound: " p)
    }
}

function vartype(type,    pointer)
{
    if (type in plain)
        return plain[type]
    if (type in enums)
        return "VT_I4"
    if (type ~ /^[ID][A-Za-z0-9]+\*$/)
        return dispatches(substr(type, 1, length(type) - 1)) ? "VT_DISPATCH" : "VT_UNKNOWN"
    fail("no type: " type)
    return "VT_EMPTY"
}

function iid(type)
{
    return type ~ /\*$/ ? "&IID_" substr(type, 1, length(type) - 1) : "NULL"
}

function print_header(    i, guard)
{
    guard = toupper(name)
    gsub(/[^A-Z0-9]/, "_", guard)
    print "#ifndef " guard
    print "#define " guard "\n"
    print "#include \"api/com/dispatch.h\"\n"
    for (i = 1; i <= interfaces; i++)
        if (dispatches(base[order[i]]))
            print "extern const struct dispatch_table dispatch_" order[i] ";"
    print "\n#endif"
}

function print_source(    i)
{
    prefix["PROPERTYGET"] = "get_"
    prefix["PROPERTYPUT"] = "put_"
    plain["VARIANT_BOOL"] = "VT_BOOL"
    plain["SHORT"] = "VT_I2"
    plain["LONG"] = "VT_I4"
    plain["ULONG"] = "VT_UI4"
    plain["BSTR"] = "VT_BSTR"
    plain["SAFEARRAY(VARIANT)"] = "VT_ARRAY | VT_VARIANT"
    print "#include \"" name "\"\n"
    print "#include \"" interfaces_h "\"\n"
    for (i = 1; i <= interfaces; i++) {
        current = order[i]
        if (dispatches(base[current]))
            print_table(current)
    }
}

function print_table(i,    n, k, a, slot)
{
    for (n = 1; n <= methods[i]; n++) {
        k = i SUBSEP n
        if (!m_in[k])
            continue
        print "static const struct dispatch_arg in_" i "_" n "[] = {"
        for (a = 1; a <= m_in[k]; a++)
            print "    { \"" p_name[k, a] "\", " vartype(p_type[k, a]) ", " iid(p_type[k, a]) " },"
        print "};"
    }
    print "static const struct dispatch_method methods_" i "[] = {"
    for (n = 1; n <= methods[i]; n++) {
        k = i SUBSEP n
        slot = prefix[m_kind[k]] m_name[k]
        print "    { \"" m_name[k] "\", (DISPID)" m_id[k] ", DISPATCH_" m_kind[k] ","
        print "      offsetof(" i "Vtbl, " slot ") / sizeof(void *), " m_in[k] + 0 ", " \
            (m_in[k] ? "in_" i "_" n : "NULL") ", " \
            (k in m_result ? vartype(m_result[k]) : "VT_EMPTY") " },"
    }
    print "};"
    print "const struct dispatch_table dispatch_" i " = {"
    print "    \"" i "\", &IID_" i ", " \
        (base[i] == "IDispatch" ? "NULL" : "&dispatch_" base[i]) ", methods_" i ","
    print "    sizeof(methods_" i ") / sizeof(methods_" i "[0])"
    print "};\n"
}
