/* Prints answers as JSON (RFC 8259), one object a line. */
#ifndef LOOKUP_CLIENT_JSON_H
#define LOOKUP_CLIENT_JSON_H

#include "main/lookup_answer.h"

/* Prints one of
 *     {"name":"John","found":true,"offices":["C45"]}
 *     {"name":"Smith","found":true,"matches":[{"name":"John Smith","office":"C45"}],"more":3}
 *     {"name":"Date","found":true,"answer":"2019-02-19"}       of the clock
 *     {"name":"Joan","found":false}
 *     {"name":"","found":false,"error":"empty request"}
 * answer_print passes status, and text without its line end. Bytes that are not UTF-8
 * become U+FFFD. */
void json_print(struct client *client, const struct client_answer *answer, int status,
                struct span text);

#endif
