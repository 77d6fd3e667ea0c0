#!/usr/bin/env bash
# How true the time left is: runs a backfill, notes each line of progress, and compares its ETA with what the
# rest then took. From 20 % on it should be within 25 %. Needs a database with bars for a few minutes:
#
#     benchmarks/eta.sh --force --from 2024-07
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

./bqx backfill "$@" 2>&1 | while IFS= read -r line; do
  printf '%s %s\n' "$(date +%s.%N)" "$line"
done | tee "$log"

awk '
  { last = $1 }
  match($0, /[0-9.]+ %/) { percent[++n] = substr($0, RSTART, RLENGTH - 2); at[n] = $1
    parts = split($NF, t, /[:hm]/); left[n] = $NF ~ /h/ ? t[1] * 3600 + t[2] * 60 : t[1] * 60 + t[2] }
  END {
    print "done %  ETA s  true s  error %"
    for (i = 1; i <= n; i++) {
      truth = last - at[i]
      # Progress is shown every 5 s: nearer to the end an error of a second says nothing.
      if (truth < 5) continue
      error = 100 * (left[i] - truth) / truth
      printf "%6.1f %6.0f %7.1f %8.1f\n", percent[i], left[i], truth, error
      if (percent[i] >= 20 && (error > worst || -error > worst)) worst = error < 0 ? -error : error
    }
    printf "from 20 %% on at most %.1f %% off\n", worst
  }' "$log"
