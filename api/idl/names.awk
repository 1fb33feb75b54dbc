# SPDX-License-Identifier: MIT
# The table of HRESULT names from the headers that define them.
BEGIN {
    print "/* SPDX-License-Identifier: MIT */"
    print "/* Made by names.awk. */"
    print "#include \"api/com/names.h\"\n"
    print "const struct com_hresult_name com_hresult_names[] = {"
}
$1 == "#define" && $3 ~ /^_HRESULT_TYPEDEF_\(/ {
    print "    { " $2 ", \"" $2 "\" },"
}
END {
    print "};"
    print "const size_t com_hresult_name_count ="
    print "    sizeof(com_hresult_names) / sizeof(com_hresult_names[0]);"
}
