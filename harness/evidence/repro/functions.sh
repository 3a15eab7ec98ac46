# --- how a request is sent and an answer read ---

say() { printf '%s\n' "$*"; }

cannot() {
  say "could not be run: $*" >&2
  exit 2
}

work=$(mktemp -d) || cannot "no temporary folder could be made"
concluded=''
# Where a command fails that should not, nothing was compared.
leave() {
  code=$?
  rm -rf "$work"
  [ -n "$concluded" ] || [ "$code" -ge 2 ] || code=2
  exit "$code"
}
trap leave EXIT
trap 'exit 130' INT TERM
ORIGIN=$(printf '%s' "$BASE_URL" | sed 's|^\([a-z]*://[^/]*\).*|\1|')
# send CURL-OPTIONS: how every request is sent.
send() { curl --disable --noproxy '*' "$@"; }
differs='' saw='' came='' secrets='' step='' status='' took='' counts=''

# ask METHOD URL CURL-OPTIONS: sends one request; a 429 is waited out, and the request sent again.
ask() {
  method=$1 url=$2 waits=0
  shift 2
  # The suite trusts this file as well.
  [ -z "${SSL_CERT_FILE:-}" ] || set -- --cacert "$SSL_CERT_FILE" "$@"
  case $method in HEAD) set -- --head "$@" ;; *) set -- --request "$method" "$@" ;; esac
  while :; do
    : >"$work/headers"
    : >"$work/body"
    status=$(send --silent --show-error --http1.1 --globoff --path-as-is \
      --connect-timeout 5 --max-time 30 --dump-header "$work/headers" --output "$work/body" \
      --write-out '%{http_code} %{time_total}' "$@" --url "$url") || cannot "$method $url: no whole answer came ($step)"
    took=${status#* } status=${status%% *}
    [ "$status" = 429 ] && [ "$waits" -lt 5 ] || return 0
    pause=$(header retry-after || header x-retry-after || echo 5)
    case $pause in '' | *[!0-9]*) pause=5 ;; esac
    [ "$pause" -le 120 ] || cannot "the deployment says to wait $pause s ($step)"
    say "  rate limited, waiting $pause s ($step)"
    sleep $((pause + 1))
    waits=$((waits + 1))
  done
}

# values NAME: the value of each header of that name, a line each; a failure where there is none.
values() {
  NAME=$1 awk '
    BEGIN { name = tolower(ENVIRON["NAME"]) ":" }
    { sub(/\r$/, "") }
    tolower(substr($0, 1, length(name))) == name {
      value = substr($0, length(name) + 1)
      gsub(/^[ \t]+|[ \t]+$/, "", value)
      print value
      found = 1
    }
    END { exit !found }' "$work/headers"
}

# header NAME: the value of the first header of that name.
header() { values "$1" | sed -n '1p' | grep ''; }

# last_word NAME: the same without what stands before its last space ("Bearer").
last_word() { header "$1" | sed 's/.* //' | grep .; }

# cookie NAME: the value of the last cookie of that name that is set to something.
cookie() {
  NAME=$1 awk '
    { sub(/\r$/, "") }
    tolower(substr($0, 1, 11)) == "set-cookie:" {
      pair = substr($0, 12)
      sub(/;.*/, "", pair)
      at = index(pair, "=")
      name = substr(pair, 1, at - 1)
      value = substr(pair, at + 1)
      gsub(/^[ \t]+|[ \t]+$/, "", name)
      gsub(/^[ \t]+|[ \t]+$/, "", value)
      if (name == ENVIRON["NAME"] && value != "") found = value
    }
    END { if (found == "") exit 1; print found }' "$work/headers"
}

# json KEY N: the Nth string or number under the key, anywhere in the document.
json() {
  KEY=$1 N=$2 awk '
    { text = text $0 "\n" }
    END {
      key = "\"" ENVIRON["KEY"] "\""
      while ((at = index(text, key)) > 0) {
        text = substr(text, at + length(key))
        if (!match(text, /^[ \t\r\n]*:[ \t\r\n]*/)) continue
        rest = substr(text, RLENGTH + 1)
        if (match(rest, /^"[^"\\]*"/)) value = substr(rest, 2, RLENGTH - 2)
        else if (match(rest, /^-?[0-9][0-9.eE+-]*/)) value = substr(rest, 1, RLENGTH)
        else continue
        if (++count == ENVIRON["N"] + 0) { print value; exit value == "" }
      }
      exit 1
    }' "$work/body"
}

# between BEFORE AFTER: what stands on one line between the first BEFORE and the next AFTER.
between() {
  BEFORE=$1 AFTER=$2 awk '
    {
      at = index($0, ENVIRON["BEFORE"])
      if (at == 0) next
      rest = substr($0, at + length(ENVIRON["BEFORE"]))
      at = index(rest, ENVIRON["AFTER"])
      if (at > 1) { print substr(rest, 1, at - 1); found = 1 }
      exit
    }
    END { exit !found }' "$work/body"
}

# --- how values are made and changed ---

# random N: as many random hexadecimal digits.
random() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n' | cut -c1-"$1"; }

# part FROM TO TEXT: the characters FROM to TO, counted from 1; with 0 or less so many from the end are left out.
part() {
  TEXT=$3 awk -v from="$1" -v to="$2" 'BEGIN {
    text = ENVIRON["TEXT"]
    if (to <= 0) to += length(text)
    printf "%s", substr(text, from, to - from + 1)
  }'
}

upper() { printf '%s' "$1" | tr '[:lower:]' '[:upper:]'; }

# swapped TEXT: lower case in upper case and the other way round.
swapped() { printf '%s' "$1" | tr 'A-Za-z' 'a-zA-Z'; }

# another TEXT: another character in the place of each.
another() { printf '%s' "$1" | tr 'a' '\001' | tr -c '\001' 'a' | tr '\001' 'b'; }

# segment N TEXT: the Nth of the parts between dots; of several (1-2) with the dots between them.
segment() { printf '%s' "$2" | cut -d. -f"$1"; }

# damaged TEXT: another first character. The last one may hold bits that no decoder looks at.
damaged() { case $1 in A*) printf 'B%s' "${1#?}" ;; *) printf 'A%s' "${1#?}" ;; esac }

percent() {
  TEXT=$1 awk 'BEGIN {
    for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    text = ENVIRON["TEXT"]
    for (i = 1; i <= length(text); i++) {
      letter = substr(text, i, 1)
      printf "%s", letter ~ /[A-Za-z0-9_.~-]/ ? letter : sprintf("%%%02X", code[letter])
    }
  }'
}

unpercent() {
  TEXT=$1 awk 'BEGIN {
    text = ENVIRON["TEXT"]
    while ((at = index(text, "%")) > 0) {
      high = index("0123456789ABCDEF", toupper(substr(text, at + 1, 1))) - 1
      low = index("0123456789ABCDEF", toupper(substr(text, at + 2, 1))) - 1
      if (high < 0 || low < 0 || length(text) < at + 2) { printf "%s", substr(text, 1, at); text = substr(text, at + 1); continue }
      printf "%s%c", substr(text, 1, at - 1), high * 16 + low
      text = substr(text, at + 3)
    }
    printf "%s", text
  }'
}

# --- how this run is compared with the suite's ---

# missing WHAT: a value is not where the suite found it.
missing() {
  [ -z "$differs" ] || conclude
  cannot "$1 is not in the answer, status $status ($step)"
}

# gone WHAT: an answer that is part of what is tried differs from what it was when the suite ran.
gone() {
  differ "$1 is not in the answer, status $status ($step)"
  conclude
}

# prepared STATUS: what comes before must work as it did, or nothing can be said.
prepared() { [ "$status" = "$1" ] || cannot "it was answered $status, and $1 when the suite ran ($step)"; }

differ() {
  differs=yes
  say "  different: $*"
}

# deciding STATUS: the same status as in the suite's run.
deciding() {
  saw="$saw $1" came="$came $status"
  [ "$status" = "$1" ] || differ "status $status, and $1 when the suite ran ($step)"
}

same_status() { [ "$status" = "$1" ] || differ "status $status, and $1 when the suite ran ($step)"; }

holds() { grep -qF -e "$2" "$work/headers" "$work/body" || differ "$1 is not in the answer"; }

lacks() { if grep -qF -e "$2" "$work/headers" "$work/body"; then differ "$1 is in the answer"; fi; }

# matches WHAT PATTERN: whether something in the answer fits an extended regular expression.
matches() { grep -qE -e "$2" "$work/headers" "$work/body" || differ "$1 is not in the answer"; }

# holds_encoded, matches_encoded: the same where it is in base64, percent-encoded or in HTML.
holds_encoded() { readings "$work/headers" "$work/body" | grep -qF -e "$2" || differ "$1 is not in the answer"; }

matches_encoded() { readings "$work/headers" "$work/body" | grep -qE -e "$2" || differ "$1 is not in the answer"; }

# longer_than SECONDS: how long the answer took.
longer_than() {
  [ "$(awk -v took="$took" -v limit="$1" 'BEGIN { print (took > limit) }')" = 1 ] || differ "it took $took s, and more than $1 s when the suite ran"
}

# counted KEY: how often the key is in the document, kept for more_than_before.
counted() { counts=$(count "$1"); }

count() {
  KEY=$1 awk '
    { text = text $0 "\n" }
    END {
      key = "\"" ENVIRON["KEY"] "\""
      while ((at = index(text, key)) > 0) {
        text = substr(text, at + length(key))
        if (match(text, /^[ \t\r\n]*:/)) found++
      }
      print found + 0
    }' "$work/body"
}

# more_than_before KEY: whether there are more entries than were counted.
more_than_before() {
  now=$(count "$1")
  [ "$now" -gt "$counts" ] || differ "there are $now entries, and $counts before"
}

# headers NAME: the values of all headers of that name.
headers() { values "$1" | awk '{ all = all (NR > 1 ? ", " : "") $0 } END { print all }'; }

same_header() {
  found=$(headers "$1")
  [ "$found" = "$2" ] || differ "the header $1 is \"$found\", and \"$2\" when the suite ran"
}

# cookies: the cookies that are set, without their values and times.
cookies() {
  tr -d '\r' <"$work/headers" | sed -n 's/^[Ss]et-[Cc]ookie:[[:blank:]]*//p' |
    sed -e 's/^\([^=;]*\)=[^;][^;]*/\1=*/' -e 's/; *[Ee]xpires=[^;]*//' -e 's/; *[Mm]ax-[Aa]ge=[1-9][0-9]*//' | sort
}

same_cookies() {
  found=$(cookies)
  [ "$found" = "$1" ] || differ "it sets the cookies \"$found\", and \"$1\" when the suite ran"
}

# compared NAME VALUES: the answer without these values, dates and ids, kept for differ_from_each_other.
compared() {
  kept=$1
  shift
  {
    sed 's/:.*//' "$work/headers" | tr '[:upper:]' '[:lower:]' | sort -u
    cat "$work/body"
  } | (for value in "$@"; do secret "$value"; done && masked) | sed -E -e 's/[0-9a-fA-F-]{16,}/*/g' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.Z+-]+/*/g' >"$work/$kept"
}

differ_from_each_other() {
  if cmp -s "$work/$1" "$work/$2"; then differ "the two answers are alike, and were not when the suite ran"; fi
}

# masked: a text without this run's passwords and tokens, and without what looks like a token.
masked() {
  SECRETS=$secrets awk '
    BEGIN { n = split(ENVIRON["SECRETS"], secret, "\n") }
    {
      for (i = 1; i <= n; i++)
        while (secret[i] != "" && (at = index($0, secret[i])) > 0)
          $0 = substr($0, 1, at - 1) "<secret>" substr($0, at + length(secret[i]))
      print
    }' | sed -e 's/eyJ[A-Za-z0-9_-]\{8,\}\.[A-Za-z0-9_-]*\.\{0,1\}[A-Za-z0-9_-]*/<token>/g' \
    -e 's/\("[^"]*[Tt]oken[^"]*"[[:blank:]]*:[[:blank:]]*"\)[^"]*"/\1<token>"/g' \
    -e 's/^\([Ss]et-[Cc]ookie: *[^=]*=\)[^;]*/\1<cookie>/'
}

# secret VALUE: from now on masked in what is shown. What is very short stands in any text by chance.
secret() {
  [ "${#1}" -ge 6 ] || return 0
  secrets="$secrets
$1"
}

show() {
  say "  $step" | masked
  head -n 1 "$work/headers" | tr -d '\r' | sed 's/^/  < /'
  tr -d '\r' <"$work/headers" | grep -iE '^(location|set-cookie|www-authenticate|cache-control|content-type|access-control-allow-[a-z]*):' |
    masked | sed 's/^/  < /' || :
  head -c 2000 "$work/body" | masked | sed 's/^/  | /'
}

conclude() {
  concluded=yes
  if [ -z "$differs" ]; then
    say "the suite saw$saw, this run saw$came: reproduced"
    exit 0
  fi
  say "the suite saw$saw, this run saw$came: not reproduced"
  exit 1
}
