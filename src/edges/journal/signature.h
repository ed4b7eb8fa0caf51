// Checking an Ed25519 signature with a public key.
#pragma once

#include <memory>
#include <string_view>

#include "edges/journal/format.h"
#include "edges/journal/journal.h"

struct evp_pkey_st;

namespace marktwacht {

// Whether a signature by this key counts: it is one of those given, or none is given.
bool counts(const PublicKey& key, const PublicKeys& given);

class SignatureCheck {
 public:
  explicit SignatureCheck(const PublicKey& key);

  bool holds(std::string_view bytes, const Signature& signature) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
};

}  // namespace marktwacht
