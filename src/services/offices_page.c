/* The offices page: a form and the result below it. It works without scripts, and
 * is readable without its style. */
#include "services/offices.h"

/* The policy has the hash of this text; after a change, tests/page.bats prints the
 * new one. */
#define STYLE                                                                                      \
    "\n:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}\n"                    \
    "body{max-width:36rem;margin:0 auto;padding:1rem}\n"                                           \
    "form{display:flex;flex-wrap:wrap;gap:.5rem}\n"                                                \
    "label{flex-basis:100%}\n"                                                                     \
    "input,button{font:inherit;padding:.5rem .75rem;border:1px solid #777;border-radius:.4rem}\n"  \
    "input{flex:1 1 10rem;min-width:0}\n"                                                          \
    "button{background:#1a5fb4;border-color:#1a5fb4;color:#fff;cursor:pointer}\n"                  \
    ":focus-visible{outline:3px solid;outline-offset:2px}\n"                                       \
    "h1,h2{line-height:1.25;overflow-wrap:anywhere}\n"                                             \
    "ul{list-style:none;margin:0;padding:0;font-size:1.75rem;font-weight:bold}\n"                  \
    "li,p,td{overflow-wrap:anywhere}\n"                                                            \
    "table{border-collapse:collapse;width:100%}\n"                                                 \
    "th,td{border-bottom:1px solid #777;padding:.4rem .75rem .4rem 0;text-align:left;"             \
    "vertical-align:top}\n"

#define STYLE_HASH "sha256-7fUWPLZhUvjioO+RZrOwyVIF1o+Bho/70nbOM6dzrlY="

const struct span offices_page_policy =
    SPAN("Content-Security-Policy: default-src 'none'; style-src '" STYLE_HASH "'; "
         "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n");

/* Appends text escaped for use between tags and in quoted attributes (HTML
 * Standard, section 13.1.4). */
static void html_put(struct span s, struct text *out) {
    for (size_t i = 0; i < s.len; i++) {
        switch (s.at[i]) {
        case '&': text_put(out, SPAN("&amp;")); break;
        case '<': text_put(out, SPAN("&lt;")); break;
        case '>': text_put(out, SPAN("&gt;")); break;
        case '"': text_put(out, SPAN("&quot;")); break;
        default: text_put(out, (struct span){s.at + i, 1});
        }
    }
}

/* Text in an element that isolates its writing direction, so that nothing around it
 * moves. */
static void page_put(struct span before, struct span s, struct span after, struct text *out) {
    text_put(out, before);
    text_put(out, SPAN("<bdi>"));
    html_put(s, out);
    text_put(out, SPAN("</bdi>"));
    text_put(out, after);
}

static void page_put_top(const struct offices *offices, struct text *out) {
    text_put(out, SPAN("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>"));
    if (offices->name.len > 0) {
        html_put(offices->name, out);
        text_put(out, SPAN(" - "));
    }
    /* For a page without an icon a browser asks for /favicon.ico, which starts a handler. For a
     * field "name" without "search" in its id it offers the person's own name. */
    text_put(out, SPAN("Offices</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" STYLE
                       "</style>\n</head>\n<body>\n<main>\n"
                       "<h1>Offices</h1>\n"
                       "<form action=\"/offices\" role=\"search\">\n"
                       "<label for=\"search\">Whose office?</label>\n"
                       "<input id=\"search\" name=\"name\" type=\"search\" required dir=\"auto\" "
                       "autocomplete=\"off\" spellcheck=\"false\""));
    if (offices->status == 0)
        text_put(out, SPAN(" autofocus"));
    text_put(out, SPAN(" value=\""));
    html_put(offices->name, out);
    text_put(out, SPAN("\">\n<button>Find</button>\n</form>\n"));
}

static void page_put_offices(const struct offices *offices, struct text *out) {
    struct span rest = offices->lines;
    struct offices_line line;
    page_put(SPAN("<h2>"), offices->name, SPAN("</h2>\n<ul>\n"), out);
    while (offices_next(offices, &rest, &line))
        page_put(SPAN("<li>"), line.office, SPAN("</li>\n"), out);
    text_put(out, SPAN("</ul>\n"));
}

static void page_put_matches(const struct offices *offices, struct text *out) {
    struct span rest = offices->lines;
    struct span more = SPAN("");
    bool has_more = false;
    struct offices_line line;
    page_put(SPAN("<h2>Who might be meant by "), offices->name,
             SPAN("</h2>\n<table>\n"
                  "<tr><th scope=\"col\">Name</th><th scope=\"col\">Office</th></tr>\n"),
             out);
    while (offices_next(offices, &rest, &line)) {
        if (line.is_rest) {
            has_more = true;
            more = line.office;
            continue;
        }
        page_put(SPAN("<tr><td>"), line.name, SPAN("</td>"), out);
        page_put(SPAN("<td>"), line.office, SPAN("</td></tr>\n"), out);
    }
    text_put(out, SPAN("</table>\n"));
    if (has_more) {
        text_put(out, SPAN("<p>And "));
        text_put(out, more);
        text_put(out, more.len > 0 ? SPAN(" ") : SPAN(""));
        text_put(out, SPAN("more. More of the name finds fewer.</p>\n"));
    }
}

void offices_put_page(const struct offices *offices, struct text *out) {
    page_put_top(offices, out);
    if (offices->status == 200 && offices->is_list) {
        page_put_matches(offices, out);
    } else if (offices->status == 200) {
        page_put_offices(offices, out);
    } else if (offices->status == 404) {
        page_put(SPAN("<h2>Unknown name</h2>\n<p>The address book has nobody called "),
                 offices->name, SPAN(".</p>\n"), out);
    } else if (offices->status != 0) {
        page_put(SPAN("<h2>No answer</h2>\n<p>There is a problem: "), offices->error,
                 SPAN(".</p>\n"), out);
    }
    text_put(out, SPAN("</main>\n</body>\n</html>\n"));
}
