// Listeners are called without the lock: they may ask what is open.
#include "service/alarms.h"

#include "events/json_object.h"

namespace marktwacht {

void write_alarm(const Alarm& alarm, std::string& out) {
  ObjectWriter object(out);
  object.text("kind", word_of(alarm.kind));
  object.text("about", alarm.about);
  object.text("what", alarm.what);
  object.number("begin_ts", alarm.begin_ts.ns);
  if (alarm.end_ts) {
    object.number("end_ts", alarm.end_ts->ns);
  }
  object.end();
}

void Alarms::begin(AlarmKind kind, const std::string& about, const std::string& what, Time now) {
  Alarm begun;
  {
    const std::lock_guard lock(mutex_);
    const auto [at, is_new] = open_.try_emplace({kind, about});
    at->second.what = what;
    if (!is_new) {
      return;
    }
    at->second.kind = kind;
    at->second.about = about;
    at->second.begin_ts = now;
    begun = at->second;
  }
  if (listener_) {
    listener_(begun);
  }
}

void Alarms::end(AlarmKind kind, const std::string& about, Time now) {
  Alarm over;
  {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find({kind, about});
    if (found == open_.end()) {
      return;
    }
    over = std::move(found->second);
    over.end_ts = now;
    open_.erase(found);
    ended_.push_front(over);
    if (ended_.size() > ended_max) {
      ended_.pop_back();
    }
  }
  if (listener_) {
    listener_(over);
  }
}

bool Alarms::is_open(AlarmKind kind, const std::string& about) const {
  const std::lock_guard lock(mutex_);
  return open_.contains({kind, about});
}

std::vector<Alarm> Alarms::open() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alarm> all;
  for (const auto& [key, alarm] : open_) {
    all.push_back(alarm);
  }
  return all;
}

std::vector<Alarm> Alarms::ended() const {
  const std::lock_guard lock(mutex_);
  return {ended_.begin(), ended_.end()};
}

}  // namespace marktwacht
