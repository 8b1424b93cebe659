#!/bin/sh
# A handler made of existing tools. BOOK names the book.
read -r name
exec cdb -q -m "$BOOK" "$(printf %s "$name" | tr '[:lower:]' '[:upper:]')"
