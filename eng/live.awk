# Filters the xunit runner's verbose log while tests run: only failures and the output of tests are shown. summary.awk prints the rest.

/^ +.* \[SKIP\]$/ { getline; next }
/^ .* \[(STARTING|FINISHED|NOT RUN)\]|^  (Discover|Starting|Finished)|^=== |^   .* Total: / { next }
{ print; fflush() }
