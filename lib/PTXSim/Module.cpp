//===- Module.cpp - types and look-up of PTX modules ----------------------===//
//
// Part of LinRec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "linrec/PTXSim/Module.h"

using namespace linrec::ptxsim;

namespace {
struct TypeInfo {
  Type type;
  const char *name;
  unsigned size;
};
constexpr TypeInfo types[] = {
    {Type::None, "", 0},         {Type::Pred, "pred", 0},
    {Type::B8, "b8", 1},         {Type::B16, "b16", 2},
    {Type::B32, "b32", 4},       {Type::B64, "b64", 8},
    {Type::B128, "b128", 16},    {Type::U8, "u8", 1},
    {Type::U16, "u16", 2},       {Type::U32, "u32", 4},
    {Type::U64, "u64", 8},       {Type::S8, "s8", 1},
    {Type::S16, "s16", 2},       {Type::S32, "s32", 4},
    {Type::S64, "s64", 8},       {Type::F16, "f16", 2},
    {Type::F16x2, "f16x2", 4},   {Type::BF16, "bf16", 2},
    {Type::BF16x2, "bf16x2", 4}, {Type::F32, "f32", 4},
    {Type::F64, "f64", 8},       {Type::TF32, "tf32", 4}};
} // namespace

unsigned linrec::ptxsim::sizeOf(Type type) { return types[size_t(type)].size; }

const char *linrec::ptxsim::nameOf(Type type) {
  return types[size_t(type)].name;
}

bool linrec::ptxsim::isFloat(Type type) { return type >= Type::F16; }

bool linrec::ptxsim::isSigned(Type type) {
  return type >= Type::S8 && type <= Type::S64;
}

Type linrec::ptxsim::parseType(const std::string &name) {
  for (const TypeInfo &info : types)
    if (info.type != Type::None && name == info.name)
      return info.type;
  return Type::None;
}

std::string Statement::spelling() const {
  std::string result;
  for (const std::string &word : opcode)
    result += (result.empty() ? "" : ".") + word;
  return result;
}

const Function *Module::findFunction(const std::string &name) const {
  for (const Function &function : functions)
    if (function.name == name && function.hasBody)
      return &function;
  return nullptr;
}
