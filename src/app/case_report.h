// What a STOR speaks of, gathered: from the engine what is known of the case and its accounts, from
// the journal the events of the evidence and how the accounts trade otherwise.
#pragma once

#include <expected>
#include <functional>
#include <string>

#include "app/order_replay.h"
#include "edges/reports/stor.h"
#include "engine/engine.h"

namespace marktwacht {

// All but evidence, habits and wallets. Alerts are without the templates of their sources, and
// `instruments` are all there are: add_records leaves those that matter.
StorCase stor_case(const Engine& engine, const Case& of);

// Of its accounts, from the first of its alerts' times to just behind the last.
OrderQuery orders_of(const Engine& engine, const Case& of);

// The records that its alerts rest on, and no others.
OrderQuery evidence_of(const StorCase& of);

// Gives each alert its words. `worded`: the alert with the templates of its source.
void add_sentences(StorCase& of, const std::function<Alert(const Alert&)>& worded);

// Reads the whole journal at `path`.
std::expected<void, std::string> add_records(const std::string& path, StorCase& of);

}  // namespace marktwacht
