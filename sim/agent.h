// Somebody who acts: the interface of all agents, honest or not. See README.md beside this file.
#pragma once

#include "base/time.h"
#include "sim/order.h"

namespace marktwacht::sim {

class Desk;

// Never to be woken again.
inline constexpr Time never{INT64_MAX};

// Agents are deterministic: what they do follows from what the desk shows them and from the desk's
// random numbers, which are the agent's own.
class Agent {
 public:
  virtual ~Agent() = default;
  // Its time has come. Acts, and says when it wants to be woken next.
  virtual Time wake(Desk& desk) = 0;
  // One of its orders traded. May act at once; a quick agent would take some time before.
  virtual void filled(const Fill&, Desk&) {}
};

}  // namespace marktwacht::sim
