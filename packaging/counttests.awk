# Counts test functions in what ctest left behind.
#
#   awk -v counts=FILE -f counttests.awk CTEST_STDOUT LastTest.log
#
# A function counts once however many data rows it has, and passes only if every row does;
# initTestCase and cleanupTestCase count only when they fail. A test that is no Qt Test counts as
# one function, and so does an executable that ended badly without a function to blame. Prints the
# output of what failed, but for the rows that passed, and the sentence of what was skipped; FILE gets one line
# "passed failed skipped rows executables".

function settle(name, status, key, n, i, failedHere, seen) {
    n = split(functions[name], list, SUBSEP)
    for (i = 1; i <= n; i++) {
        key = list[i]
        if (key == "") continue
        seen++
        if (verdict[name, key] == "failed") { failed++; failedHere++ }
        else if (key ~ /::(init|cleanup)TestCase$/ && verdict[name, key] == "passed") continue
        else if (verdict[name, key] == "passed") passed++
        else skipped++
    }
    executables++
    if (status == "Passed" && !seen) passed++
    else if (status == "Skipped") { if (!seen) skipped++; printf "skipped: %s: %s\n", name, lastline[name] }
    else if (status != "Passed") {
        if (!failedHere) failed++
        printf "\n==== FAILED: %s (%s)\n%s==== end of %s\n", name, status, output[name], name
    }
}

# ctest's own lines: "12/30 Test #7: base/tst_instant ......   Passed    0.02 sec".
FNR == NR {
    if (match($0, /Test +#[0-9]+: [^ ]+ /)) {
        name = substr($0, RSTART, RLENGTH)
        sub(/^Test +#[0-9]+: /, "", name)
        sub(/ $/, "", name)
        status = $0
        sub(/^.*Test +#[0-9]+: [^ ]+ [. ]*/, "", status)
        sub(/ +[0-9.]+ sec.*$/, "", status)
        sub(/^\*+/, "", status)
        if (status !~ /^Start/) { statusOf[name] = status; order[++tests] = name }
    }
    next
}

/^[0-9]+\/[0-9]+ Testing: / { current = $0; sub(/^[^:]*: /, "", current); inside = 0; next }
/^Output:$/ && !inside { inside = 1; rule = 1; next }
inside && rule { rule = 0; next }
/^<end of output>$/ { inside = 0; next }
inside {
    # A line of a hundred kilobytes is no reading matter; neither are ten thousand lines.
    if ($0 ~ /^PASS   : /) { }
    else if (++lines[current] <= 1500) output[current] = output[current] substr($0, 1, 2000) "\n"
    else if (lines[current] == 1501) output[current] = output[current] "(cut here)\n"
    if ($0 != "") lastline[current] = $0
    if (match($0, /^(PASS  |FAIL!|SKIP  |XPASS|BPASS|BFAIL|BSKIP) *: [A-Za-z_0-9:]+\(/)) {
        key = $0
        sub(/^[A-Z!]+ *: /, "", key)
        sub(/\(.*$/, "", key)
        if (!((current, key) in verdict)) functions[current] = functions[current] SUBSEP key
        if ($1 ~ /^(FAIL!|XPASS)$/) verdict[current, key] = "failed"
        else if ($1 == "PASS") { rows++; if (verdict[current, key] != "failed") verdict[current, key] = "passed" }
        else {
            if (!((current, key) in verdict)) verdict[current, key] = "skipped"
            sub(/^[A-Z]+ *: /, "")
            printf "skipped: %s: %s\n", current, $0
        }
    }
}

END {
    for (t = 1; t <= tests; t++) settle(order[t], statusOf[order[t]])
    printf "%d %d %d %d %d\n", passed, failed, skipped, rows, executables > counts
}
