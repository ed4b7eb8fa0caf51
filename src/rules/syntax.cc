// Precedence climbing over a scanner of a few token kinds.
#include "rules/syntax.h"

#include <algorithm>
#include <array>
#include <utility>

namespace marktwacht {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

enum class TokenKind : std::uint8_t { number, text, name, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // of a text: without its quotes
  std::size_t at = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::expected<Token, SyntaxError> next() {
    while (at_ < text_.size() && is_space(text_[at_])) {
      ++at_;
    }
    if (at_ == text_.size()) {
      return Token{TokenKind::end, {}, at_};
    }
    const char c = text_[at_];
    if (is_digit(c)) {
      return number();
    }
    if (is_letter(c)) {
      return run(TokenKind::name, [](char d) { return is_letter(d) || is_digit(d) || d == '.'; });
    }
    return c == '\'' || c == '"' ? quoted(c) : sign();
  }

 private:
  template <class Belongs>
  Token run(TokenKind kind, Belongs&& belongs) {
    const std::size_t start = at_;
    while (at_ < text_.size() && belongs(text_[at_])) {
      ++at_;
    }
    return {kind, text_.substr(start, at_ - start), start};
  }

  // Digits may be grouped by underscores, as in TOML.
  std::expected<Token, SyntaxError> number() {
    const Token token =
        run(TokenKind::number, [](char d) { return is_digit(d) || d == '.' || d == '_'; });
    if (at_ < text_.size() && is_letter(text_[at_])) {
      return std::unexpected(SyntaxError{token.at, "a number runs into a name"});
    }
    return token;
  }

  std::expected<Token, SyntaxError> quoted(char quote) {
    const std::size_t start = at_;
    const std::size_t end = text_.find(quote, start + 1);
    if (end == text_.npos) {
      return std::unexpected(SyntaxError{start, "a quote is not closed"});
    }
    at_ = end + 1;
    return Token{TokenKind::text, text_.substr(start + 1, end - start - 1), start};
  }

  std::expected<Token, SyntaxError> sign() {
    static constexpr std::array<std::string_view, 14> signs = {
        "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]"};
    const std::string_view rest = text_.substr(at_);
    const auto found = std::ranges::find_if(
        signs, [&](std::string_view candidate) { return rest.starts_with(candidate); });
    const std::size_t size = found != signs.end() ? found->size() : rest[0] == ',' ? 1 : 0;
    if (size == 0) {
      return std::unexpected(SyntaxError{at_, "a character that has no meaning here"});
    }
    at_ += size;
    return Token{TokenKind::sign, rest.substr(0, size), at_ - size};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

int precedence(const Token& token) {
  static constexpr std::array<std::pair<std::string_view, int>, 13> table = {{{"or", 1},
                                                                              {"and", 2},
                                                                              {"in", 4},
                                                                              {"==", 4},
                                                                              {"!=", 4},
                                                                              {"<", 4},
                                                                              {"<=", 4},
                                                                              {">", 4},
                                                                              {">=", 4},
                                                                              {"+", 5},
                                                                              {"-", 5},
                                                                              {"*", 6},
                                                                              {"/", 6}}};
  if (token.kind != TokenKind::sign && token.kind != TokenKind::name) {
    return 0;
  }
  const auto found =
      std::ranges::find(table, token.text, [](const auto& row) { return row.first; });
  return found == table.end() ? 0 : found->second;
}

constexpr int not_precedence = 3, comparison_precedence = 4, minus_precedence = 7;

class Parser {
 public:
  explicit Parser(std::string_view text) : scanner_(text) { advance(); }

  std::expected<Syntax, SyntaxError> parse() {
    expression(1);
    if (!error_ && token_.kind != TokenKind::end) {
      fail(token_.at, "more stands here than one expression");
    }
    if (error_) {
      return std::unexpected(*error_);
    }
    return std::move(syntax_);
  }

 private:
  void advance() {
    const auto token = scanner_.next();
    if (token) {
      token_ = *token;
    } else {
      fail(token.error().at, token.error().what);
    }
  }
  void fail(std::size_t at, std::string what) {
    if (!error_) {
      error_ = SyntaxError{at, std::move(what)};
    }
    token_ = {TokenKind::end, {}, at};
  }
  bool is(std::string_view sign) const {
    return token_.kind == TokenKind::sign && token_.text == sign;
  }
  void expect(std::string_view sign) {
    if (is(sign)) {
      advance();
    } else {
      fail(token_.at, "'" + std::string(sign) + "' is missing");
    }
  }

  std::uint32_t add(SyntaxNode node) {
    syntax_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(syntax_.nodes.size() - 1);
  }

  // An expression whose operators bind at least as tightly as `least`.
  std::uint32_t expression(int least) {
    if (++level_ > expression_levels_max) {
      fail(token_.at, "nested too deeply");
    }
    std::uint32_t left = operand();
    for (;;) {
      const int bind = precedence(token_);
      if (error_ || bind < least || bind == 0) {
        break;
      }
      const Token sign = token_;
      advance();
      const std::uint32_t right = sign.text == "in" ? list() : expression(bind + 1);
      left = add({SyntaxKind::binary, std::string(sign.text), {}, sign.at, {left, right}});
      if (bind == comparison_precedence && precedence(token_) == comparison_precedence) {
        fail(token_.at, "comparisons do not chain: join two with 'and'");
      }
    }
    --level_;
    return left;
  }

  std::uint32_t operand() {
    const Token token = token_;
    if (is("-") || (token.kind == TokenKind::name && token.text == "not")) {
      advance();
      const std::uint32_t of = expression(token.text == "-" ? minus_precedence : not_precedence);
      return add({SyntaxKind::unary, std::string(token.text), {}, token.at, {of}});
    }
    if (is("(")) {
      advance();
      const std::uint32_t inner = expression(1);
      expect(")");
      return inner;
    }
    switch (token.kind) {
      case TokenKind::number:
        return number(token);
      case TokenKind::text:
        advance();
        return add({SyntaxKind::text, std::string(token.text), {}, token.at, {}});
      case TokenKind::name:
        return name(token);
      default:
        fail(token.at, "a value is missing");
        return add({SyntaxKind::truth, "false", {}, token.at, {}});
    }
  }

  std::uint32_t number(const Token& token) {
    std::string digits(token.text);
    std::erase(digits, '_');
    const auto value = parse_decimal(digits);
    if (!value) {
      fail(token.at, "no number: " + std::string(token.text));
    }
    advance();
    return add({SyntaxKind::number, digits, value.value_or(Decimal{}), token.at, {}});
  }

  std::uint32_t name(const Token& token) {
    advance();
    if (token.text == "true" || token.text == "false") {
      return add({SyntaxKind::truth, std::string(token.text), {}, token.at, {}});
    }
    if (token.text == "and" || token.text == "or" || token.text == "in") {
      fail(token.at, "a value is missing before '" + std::string(token.text) + "'");
    }
    if (!is("(")) {
      return add({SyntaxKind::name, std::string(token.text), {}, token.at, {}});
    }
    advance();
    std::vector<std::uint32_t> arguments = values(")");
    return add({SyntaxKind::call, std::string(token.text), {}, token.at, std::move(arguments)});
  }

  std::uint32_t list() {
    const std::size_t at = token_.at;
    expect("[");
    std::vector<std::uint32_t> members = values("]");
    if (!error_ && members.empty()) {
      fail(at, "an empty list");
    }
    return add({SyntaxKind::list, {}, {}, at, std::move(members)});
  }

  // Expressions between commas, up to `close`.
  std::vector<std::uint32_t> values(std::string_view close) {
    std::vector<std::uint32_t> list;
    while (!error_ && !is(close)) {
      list.push_back(expression(1));
      if (!is(",")) {
        break;
      }
      advance();
    }
    expect(close);
    return list;
  }

  Scanner scanner_;
  Token token_;
  Syntax syntax_;
  int level_ = 0;
  std::optional<SyntaxError> error_;
};

}  // namespace

std::expected<Syntax, SyntaxError> parse_expression(std::string_view text) {
  if (text.size() > expression_bytes_max) {
    return std::unexpected(
        SyntaxError{0, "longer than " + std::to_string(expression_bytes_max) + " bytes"});
  }
  return Parser(text).parse();
}

}  // namespace marktwacht
