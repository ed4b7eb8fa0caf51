/* The gate: may this account do this, now?  C ABI of libmarktwacht_gate, version 1; docs/gate.md.
 *
 * Marktwacht writes the gate into shared memory; a process of the exchange opens it once and asks.
 *
 * Threads: any number may ask one gate at the same time. Asking takes no lock, allocates nothing
 * and makes no system call; it waits for nobody, least of all for the writer.
 * Units: times are nanoseconds since 1970 UTC; amounts are in units of their asset and quantities
 * in units of their instrument, as exact decimals.
 * Compatibility: structs only grow at their end and say their size; programs compiled with an older
 * header keep working. Numbers are never given another meaning.
 */
#ifndef MARKTWACHT_GATE_H
#define MARKTWACHT_GATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MW_GATE_API __attribute__((visibility("default")))
#else
#define MW_GATE_API
#endif

typedef struct mw_gate mw_gate;

/* Bytes of a name; not terminated, need not be. Zeros = not known. */
typedef struct mw_text {
  const char* data;
  size_t size;
} mw_text;

/* mantissa * 10^exponent; at most 38 digits, exponent from -127 to 127. Zeros = not known. */
typedef struct mw_decimal {
  uint64_t mantissa_low; /* of 128 bits, two's complement */
  int64_t mantissa_high;
  int32_t exponent;
  uint32_t known; /* 1, or 0: then the rest does not matter */
} mw_decimal;

/* What is asked. An order is asked once, as MW_PLACE_ORDER: what provably reduces the position is
 * judged as MW_REDUCE_POSITION, anything else also as MW_OPEN_POSITION. */
enum mw_action {
  MW_REGISTER = 1,
  MW_LOGIN = 2,
  MW_API = 3,
  MW_PLACE_ORDER = 4,
  MW_OPEN_POSITION = 5,
  MW_REDUCE_POSITION = 6,
  MW_CANCEL_ORDER = 7, /* never denied: need not be asked */
  MW_WITHDRAW = 8,
  MW_DEPOSIT = 9,
  MW_TRANSFER = 10, /* to another account; asked for who sends */
  MW_USE_LEVERAGE = 11
};

enum mw_side { MW_SIDE_UNKNOWN = 0, MW_BUY = 1, MW_SELL = 2 };

/* For accounts that hold both sides of an instrument at once; else MW_ONE_WAY. */
enum mw_position_side { MW_ONE_WAY = 0, MW_LONG = 1, MW_SHORT = 2 };

/* Start from zeros, set `size`, and fill in what is known. Where a restriction depends on something
 * that is not known, the answer is deny. The texts are read during the call only. */
typedef struct mw_gate_question {
  uint32_t size;      /* sizeof(mw_gate_question), of the header you compile with */
  uint32_t action;    /* enum mw_action */
  int64_t now_ns;     /* must be there: the gate's only clock. It also tells a dead writer */
  mw_text account_id; /* must be there, but for MW_REGISTER */
  mw_text instrument_id;
  uint8_t side;          /* enum mw_side */
  uint8_t position_side; /* enum mw_position_side */
  uint8_t spot;          /* 1: nothing can be sold that is not held, so that each sell reduces */
  uint8_t liquidation;   /* 1: the exchange's own order that closes a position; never denied */
  uint32_t reserved;     /* 0 */
  mw_decimal quantity;   /* of the order */
  mw_decimal position;   /* before the order: negative = short; on spot what is held of the base.
                            For MW_DEPOSIT: not zero = it is margin of an open position, which is
                            always allowed */
  mw_text asset;         /* of MW_WITHDRAW, MW_DEPOSIT, MW_TRANSFER */
  mw_decimal amount;
  mw_decimal leverage;        /* of MW_USE_LEVERAGE */
  int64_t position_opened_ts; /* ns; 0 = not known. min_holding_time is denied without it */
  mw_text device_id;          /* these three as tokens, made by mw_gate_token, */
  mw_text ip;                 /* where the gate has a deployment key; */
  mw_text address;            /* else plain. `address`: where a withdrawal goes */
} mw_gate_question;

enum mw_word {
  MW_ALLOW = 1,
  MW_ALLOW_REDUCE_ONLY = 2, /* only if the matching engine takes care that it just reduces */
  MW_DENY = 3
};

/* Reasons: 0 = none; 1 + the number of a kind of measure; or these. All as text in reason_text. */
enum mw_reason {
  MW_REASON_NONE = 0,
  MW_REASON_WHEN_BLIND = 201,       /* the writer is dead; nothing is known of who asks */
  MW_REASON_UNKNOWN_POSITION = 202, /* restricted; position, side or quantity would tell more */
  MW_REASON_BAD_QUESTION = 203,     /* it lacks what it must have, or contradicts itself */
  MW_REASON_UNREADABLE = 204        /* the table is damaged: restart the service */
};

typedef struct mw_gate_answer {
  uint32_t size;           /* in: sizeof(mw_gate_answer) */
  uint32_t word;           /* enum mw_word */
  uint32_t reason;         /* enum mw_reason, or 1 + a kind of measure */
  uint32_t reserved;       /* 0 */
  uint64_t measure;        /* 0 = none */
  const char* word_text;   /* "allow", "allow_reduce_only", "deny"; never freed */
  const char* reason_text; /* "freeze_account", ..., "" for none; never freed */
  char measure_id[24];     /* "m-7", "" for none */
} mw_gate_answer;

/* Opens the gate in `folder`: the folder "gate" in Marktwacht's data directory. `key`: the bytes of
 * the deployment key, as the service has them; NULL where it has none. NULL on failure, with one
 * line of text in `error` (may be NULL): no gate there yet, no right to read it, a file that is
 * none or is damaged, another key. Allocates; call it once, and again when mw_gate_heartbeat has
 * stood still for long: after a change of the deployment key there is a new file. */
MW_GATE_API mw_gate* mw_gate_open(const char* folder, const void* key, size_t key_size, char* error,
                                  size_t error_size);

/* Nobody may be asking. NULL is fine. */
MW_GATE_API void mw_gate_close(mw_gate* gate);

/* The answer's word; the rest into `answer`, if that is not NULL. Cannot fail: what cannot be
 * answered is MW_DENY with a reason. */
MW_GATE_API uint32_t mw_gate_check(const mw_gate* gate, const mw_gate_question* question,
                                   mw_gate_answer* answer);

/* The same for `count` questions, sixteen at a time looked up together: less wait for memory. All
 * questions, and all answers, have the size that the first of them says. */
MW_GATE_API void mw_gate_check_batch(const mw_gate* gate, const mw_gate_question* questions,
                                     size_t count, mw_gate_answer* answers);

/* The token that stands for a plain device, ip or address: 64 characters and a zero. The spelling of
 * an ip does not matter. 0, or -1 where the gate was opened without a key: then plain values are
 * asked. Make it once a session; it may allocate. */
MW_GATE_API int mw_gate_token(const mw_gate* gate, const char* plain, size_t plain_size,
                              char token[65]);

/* Up to when the writer had published everything, ns; 0 = nothing yet. Alert on its age: beyond a
 * second known restrictions keep holding, and of the others withdraw and register are denied. */
MW_GATE_API int64_t mw_gate_heartbeat(const mw_gate* gate);

/* "12.5" -> {125, -1}. 0, or -1 for what is no number; then `value` is not known. */
MW_GATE_API int mw_decimal_parse(const char* text, size_t size, mw_decimal* value);

/* 1: the version of this ABI that the library has. */
MW_GATE_API uint32_t mw_gate_version(void);

/* An integer counted in 10^exponent: mw_decimal_of(125, -1) is 12.5. */
static inline mw_decimal mw_decimal_of(int64_t mantissa, int32_t exponent) {
  mw_decimal value;
  value.mantissa_low = (uint64_t)mantissa;
  value.mantissa_high = mantissa < 0 ? -1 : 0;
  value.exponent = exponent;
  value.known = 1;
  return value;
}

static inline mw_text mw_text_of(const char* text) {
  mw_text value;
  value.data = text;
  value.size = text == NULL ? 0 : strlen(text);
  return value;
}

#ifdef __cplusplus
}
#endif

#endif
