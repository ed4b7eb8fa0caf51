// Whose personal data a decision is about.
#pragma once

#include <string>

#include "events/event.h"

namespace marktwacht {

// One of account_id, case_id and token, with its name; empty where it is none or several.
inline std::string personal_subject(const event::Decision& decision) {
  const int named = decision.has_account_id() + decision.has_case_id() + decision.has_token();
  if (named != 1) {
    return "";
  }
  return decision.has_account_id() ? "account_id " + std::string(decision.account_id.view())
         : decision.has_case_id()  ? "case_id " + std::string(decision.case_id.view())
                                   : "token " + std::string(decision.token.view());
}

}  // namespace marktwacht
