# Summarizes the xunit runner's verbose log: the slowest tests, the reasons for skipped tests, the tests that were running when the process
# ended early, and the totals. The variable status is the exit code of the test process.

/^ +.* \[STARTING\]$/ { name = test_name(); running[name]++; next }

/^ +.* \[FINISHED\] Time: [0-9.,E-]+s$/ {
  name = test_name()
  if (--running[name] <= 0) delete running[name]
  finished++
  seconds = $NF; sub(/s$/, "", seconds)
  remember(name, seconds + 0)
  next
}

/^ +.* \[FAIL\]$/ { failed++ }
/^ +.* \[SKIP\]$/ { skipped++; if ((getline reason) > 0) { sub(/^ +/, "", reason); reasons[reason]++ } }
/^ +.* \[NOT RUN\]$/ { not_run++ }

/^ +[^ ]+ +Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+, Time: / {
  complete = 1
  finished = number_after("Total: ")
  # An error is a failure outside a test, for example when a fixture is disposed.
  errors = number_after("Errors: ")
  failed = number_after("Failed: ")
  skipped = number_after("Skipped: ")
  not_run = number_after("Not Run: ")
}

END {
  passed = finished - failed - skipped - not_run
  failed += errors
  for (i = 1; i <= kept && slow_time[i] >= 1; i++) {
    if (i == 1) print "Slowest:"
    printf "%8.1f s  %s\n", slow_time[i], slow_name[i]
  }
  for (reason in reasons) {
    if (!said++) print "Skipped:"
    printf "%8d    %s\n", reasons[reason], reason
  }
  if (!complete && status != 0) {
    print "The test process ended before its tests did (exit code " status (status == 124 ? ": out of time" : "") ")."
    for (name in running) { print "  counted as failed, was running: " name; failed++ }
  }
  if (status != 0 && failed == 0) {
    print "No test failed, and yet the exit code is " status ": counted as one failure."
    failed = 1
  }
  if (passed + failed == 0) print "No test ran."
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (status != 0 || failed > 0 || passed == 0)
}

function test_name(   text) {
  text = $0
  sub(/^ +/, "", text)
  sub(/ \[(STARTING|FINISHED)\].*$/, "", text)
  return text
}

function number_after(label) { return substr($0, index($0, label) + length(label)) + 0 }

# Keeps the five slowest tests, sorted from slowest to fastest.
function remember(name, time,   i) {
  for (i = ++kept; i > 1 && slow_time[i - 1] < time; i--) { slow_time[i] = slow_time[i - 1]; slow_name[i] = slow_name[i - 1] }
  slow_time[i] = time
  slow_name[i] = name
  if (kept > 5) kept = 5
}
