#!/bin/sh
# A handler out of parts that are at hand. BOOK names the book.
read -r name
exec cdb -q -m "$BOOK" "$(printf %s "$name" | tr '[:lower:]' '[:upper:]')"
