# What is shown while tests run, of the xunit runner's verbose log: failures and what tests write. The summary says the rest.

/^ +.* \[SKIP\]$/ { getline; next }
/^ .* \[(STARTING|FINISHED|NOT RUN)\]|^  (Discover|Starting|Finished)|^=== |^   .* Total: / { next }
{ print; fflush() }
