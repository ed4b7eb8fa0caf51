/* Asks the gate before an order is placed. docs/gate.md.
 *
 *   cc -Iinclude examples/gate/gate.c -lmarktwacht_gate -o gate_example
 *   ./gate_example DATA_DIR/gate ACCOUNT INSTRUMENT buy|sell QUANTITY [POSITION]
 */
#include <marktwacht/gate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The key comes from the environment or a file, never from the command line. */
static mw_gate* open_gate(const char* folder) {
  const char* key = getenv("MARKTWACHT_DEPLOYMENT_KEY");
  char error[256];
  mw_gate* gate = mw_gate_open(folder, key, key == NULL ? 0 : strlen(key), error, sizeof error);
  if (gate == NULL) {
    fprintf(stderr, "%s\n", error);
  }
  return gate;
}

static int64_t now_ns(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(int argc, char** argv) {
  mw_gate* gate;
  mw_gate_question question;
  mw_gate_answer answer;
  if (argc < 6) {
    fprintf(stderr, "usage: %s GATE_FOLDER ACCOUNT INSTRUMENT buy|sell QUANTITY [POSITION]\n",
            argv[0]);
    return 2;
  }
  gate = open_gate(argv[1]); /* once, when the gateway starts */
  if (gate == NULL) {
    return 1;
  }
  memset(&question, 0, sizeof question); /* for each order, on the stack of its thread */
  question.size = sizeof question;
  question.action = MW_PLACE_ORDER;
  question.now_ns = now_ns();
  question.account_id = mw_text_of(argv[2]);
  question.instrument_id = mw_text_of(argv[3]);
  question.side = strcmp(argv[4], "buy") == 0 ? MW_BUY : MW_SELL;
  mw_decimal_parse(argv[5], strlen(argv[5]), &question.quantity);
  if (argc > 6) {
    mw_decimal_parse(argv[6], strlen(argv[6]), &question.position);
  }
  memset(&answer, 0, sizeof answer);
  answer.size = sizeof answer;
  switch (mw_gate_check(gate, &question, &answer)) {
    case MW_ALLOW: /* on to the matching engine */
      break;
    case MW_ALLOW_REDUCE_ONLY: /* on, with the reduce-only flag set */
      break;
    default: /* refused; the trader is shown answer.reason_text */
      break;
  }
  printf("%s %s %s\n", answer.word_text, answer.reason_text, answer.measure_id);
  mw_gate_close(gate);
  return 0;
}
