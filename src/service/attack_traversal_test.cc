// Every operation of openapi.json that has a name in its path, asked for names that lead elsewhere.
#include "service/attack_twin.h"

namespace marktwacht {
namespace {

const std::string marker = "the-marker-of-a-secret-file";

class AttackTraversal : public AttackTest {
 protected:
  void SetUp() override {
    AttackTest::SetUp();
    for (const std::string& path : {data() + "/secret", folder_ / "secret"}) {
      sample::write_file(path, marker);
    }
  }
  // Ways to say the file: up from anywhere, and from the root.
  std::vector<std::string> names() const {
    std::vector<std::string> all{"secret", "secret%00", "secret%00.json", "%2Fsecret",
                                 "file:secret"};
    for (const std::string& path : {std::string("/secret"), folder_ / "secret"}) {
      for (const char* up :
           {"..", "%2e%2e", "%252e%252e", ".%2e", "%c0%ae%c0%ae", "..%00", "..;"}) {
        for (const char* slash : {"/", "%2f", "%252f", "\\", "%5c", "//", "%c0%af"}) {
          std::string name;
          for (int depth = 0; depth < (path == "/secret" ? 1 : 8); ++depth) {
            name += std::string(up) + slash;
          }
          for (const char c : path.substr(1)) {
            name += c == '/' ? slash : std::string(1, c);
          }
          all.push_back(name);
        }
      }
    }
    return all;
  }
  void asks(const std::string& method, const std::string& target, const Caller& who) {
    BareSocket socket(serving->port());
    socket.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " +
                who.cookie + "\r\nX-CSRF-Token: " + who.csrf + "\r\nContent-Length: 2\r\n\r\n{}");
    const std::string& answer = socket.read();
    EXPECT_FALSE(answer.contains(marker)) << method << " " << target;
    const int status = status_of(answer);
    EXPECT_TRUE(status >= 200 && status < 500) << method << " " << target << "\n" << answer;
  }
};

TEST_F(AttackTraversal, OfNoParameter) {
  const Caller otto = person("otto"), ada = person("ada");
  int patterns = 0;
  for (const Operation& operation : operations()) {
    if (!operation.pattern.contains('{')) {
      continue;
    }
    ++patterns;
    for (const std::string& name : names()) {
      asks(operation.method, operation.path(name), operation.changes_something() ? ada : otto);
    }
  }
  EXPECT_GE(patterns, 10);
}

TEST_F(AttackTraversal, OfNoFileOfTheConsole) {
  const Caller nobody_known = nobody();
  for (const char* before : {"/", "/assets/", "/index.html/", "/v1/", "//", "http://127.0.0.1/"}) {
    for (const std::string& name : names()) {
      asks("GET", before + name, nobody_known);
    }
  }
  for (const std::string& target :
       {folder_ / "secret", "/" + (folder_ / "secret"), "file://" + (folder_ / "secret"),
        std::string("/\\..\\secret"), std::string("/?file=../secret"), std::string("*")}) {
    asks("GET", target, nobody_known);
  }
}

}  // namespace
}  // namespace marktwacht
