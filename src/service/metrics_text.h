// The exposition format of Prometheus, version 0.0.4: families with their values.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "service/latencies.h"
#include "service/metrics.h"

namespace marktwacht {

// `family` first, then its values.
class MetricsText {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "marktwacht_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " +
             std::string(type) + "\n";
  }
  void value(std::uint64_t number, std::string_view label = {}, std::string_view of = {}) {
    line("", label, of, std::to_string(number));
  }
  void seconds(std::int64_t ns, std::string_view label = {}, std::string_view of = {}) {
    line("", label, of, seconds_text(ns));
  }
  void one(std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t number) {
    family(name, type, help);
    value(number);
  }
  void histogram(std::string_view name, std::string_view help, const Latencies& of) {
    family(name, "histogram", help);
    constexpr std::size_t first = 13;  // 16 µs
    for (std::size_t step = first; step + 1 < Latencies::steps; ++step) {
      line("_bucket", "le", seconds_text(std::int64_t{2} << step), std::to_string(of.below(step)));
    }
    line("_bucket", "le", "+Inf", std::to_string(of.count()));
    line("_sum", {}, {}, seconds_text(of.sum_ns()));
    line("_count", {}, {}, std::to_string(of.count()));
  }
  std::string take() { return std::move(text_); }

 private:
  static std::string seconds_text(std::int64_t ns) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.9f", static_cast<double>(ns) / 1e9);
    return text.data();
  }
  static std::string escaped(std::string_view of) {
    std::string text;
    for (const char c : of) {
      text += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return text;
  }
  void line(std::string_view suffix, std::string_view label, std::string_view of,
            const std::string& number) {
    text_ += name_ + std::string(suffix);
    if (!label.empty()) {
      text_ += "{" + std::string(label) + "=\"" + escaped(of) + "\"}";
    }
    text_ += " " + number + "\n";
  }

  std::string name_, text_;
};

// metrics_quality.cc
void write_quality(const MetricsOf& of, MetricsText& text);

}  // namespace marktwacht
