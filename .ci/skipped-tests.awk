# Prints a line for each skipped test of a .trx report: its name and the reason.
function text(s) {
    gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&#x[AD];/, " ", s); gsub(/&amp;/, "\\&", s)
    return s
}
/<UnitTestResult / {
    name = ""
    if (/outcome="NotExecuted"/) {
        name = $0
        sub(/.*testName="/, "", name)
        sub(/".*/, "", name)
    }
}
name != "" && /<Message>/ {
    reason = $0
    sub(/.*<Message>/, "", reason)
    sub(/<\/Message>.*/, "", reason)
    print "  " text(name) ": " text(reason)
    name = ""
}
