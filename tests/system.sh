#!/bin/sh
# Chromium, Chinese fonts and pdftotext for the tests that open the report.
# On Debian or Ubuntu as root they are installed; elsewhere the missing ones are named.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
fc-list 2>/dev/null | grep -qi "cjk\|wenquanyi\|simsun\|fangsong" || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The browser tests need:$missing. Please install them with the system's package manager." >&2
    exit 1
fi
