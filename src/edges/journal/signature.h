// Checking an Ed25519 signature with a public key.
#pragma once

#include <memory>
#include <string_view>

#include "edges/journal/format.h"

struct evp_pkey_st;

namespace marktwacht {

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
