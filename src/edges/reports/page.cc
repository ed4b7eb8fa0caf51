// The page's frame.
#include "edges/reports/page.h"

namespace marktwacht {
namespace {

constexpr std::string_view style =
    "@page{size:A4;margin:18mm 15mm}"
    "body{font:14px/1.45 system-ui,sans-serif;color:#111;background:#fff;max-width:60em;"
    "margin:2em auto;padding:0 1em}"
    "h1{font-size:1.5em;margin:0 0 .2em}"
    "h2{font-size:1.05em;margin:1.6em 0 .5em;padding-top:.5em;border-top:2px solid #111;"
    "break-after:avoid}"
    "h3{font-size:1em;margin:1.2em 0 .4em;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;margin:.4em 0}"
    "td,th{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "th{background:#f2f2f2;font-weight:600}tr{break-inside:avoid}thead{display:table-header-group}"
    "table.form{table-layout:fixed}table.form th{width:34%}table.form td{white-space:pre-line}"
    "table.counts td+td,table.counts th+th{text-align:right}"
    "table.annex{font-size:11px}"
    "th .part{font-weight:400}.na{color:#555}.quiet{color:#555;margin:.2em 0}"
    "@media print{body{font-size:10.5px;margin:0;padding:0;max-width:none}"
    "table.annex{font-size:7.5px}table.annex td,table.annex th{padding:.15em .3em}}";

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string page_start(ReportLanguage language, std::string_view title) {
  const std::string text = escaped_html(title);
  std::string out = "<!doctype html>\n<html lang=\"";
  out += language == ReportLanguage::en ? "en" : "de";
  out += "\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n";
  out += "<title>" + text + "</title>\n<style>";
  out += style;
  return out += "</style>\n<h1>" + text + "</h1>\n";
}

std::string page_end() { return "</html>\n"; }

}  // namespace marktwacht
