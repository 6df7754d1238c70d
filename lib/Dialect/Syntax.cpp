//===- Syntax.cpp - parsing and printing of linrec.recurrence ---------===//
//
// The grammar of docs/Spec.md. Names of dims are kept as attributes and names
// of block arguments in `arg_names`, so that they survive every pass and can
// be used in messages.
//
//===----------------------------------------------------------------------===//

#include "Syntax.h"
#include "linrec/Dialect/LinRec.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace linrec;
using Delimiter = OpAsmParser::Delimiter;
using Unresolved = OpAsmParser::UnresolvedOperand;

namespace {
/// What one of the lists ins(...), states(...), outs(...) said.
struct BindingList {
  SmallVector<Unresolved> operands;
  SmallVector<Type> types;
  SmallVector<Attribute> maps;
};

class RecurrenceParser {
public:
  RecurrenceParser(OpAsmParser &parser, OperationState &result)
      : parser(parser), builder(parser.getBuilder()), result(result) {}
  ParseResult parse();

private:
  ParseResult parseHeader();
  ParseResult parsePacked();
  /// Parses `(%arg = %value[dims] : type [as type], ...)`.
  ParseResult parseBindings(BindingList &list, bool bindsArgument);
  ParseResult parseBinding(BindingList &list, bool bindsArgument);
  ParseResult findDim(SMLoc loc, StringRef name, int64_t &dim);
  ParseResult resolveOperands();
  ParseResult parseBody();

  OpAsmParser &parser;
  Builder &builder;
  OperationState &result;
  SmallVector<Attribute> dims;
  BindingList ins, states, outs;
  std::optional<Unresolved> bounds;
  Type boundsType;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Attribute> argumentNames;
};
} // namespace

ParseResult RecurrenceParser::findDim(SMLoc loc, StringRef name, int64_t &dim) {
  auto *it = llvm::find(dims, builder.getStringAttr(name));
  if (it == dims.end()) { // C2
    InFlightDiagnostic diag = parser.emitError(loc)
                              << "unknown dim '" << name << "'";
    if (!dims.empty()) {
      diag << ", expected one of (";
      llvm::interleaveComma(dims, diag, [&](Attribute known) {
        diag << cast<StringAttr>(known).getValue();
      });
      diag << ")";
    }
    return diag << "; name it in dims(...) (C2)";
  }
  dim = it - dims.begin();
  return success();
}

ParseResult RecurrenceParser::parseHeader() {
  auto &props = result.getOrAddProperties<RecurrenceOp::Properties>();
  auto addDim = [&](StringRef name, SMLoc loc) -> ParseResult {
    StringAttr attr = builder.getStringAttr(name);
    if (llvm::is_contained(dims, attr)) // C1
      return parser.emitError(loc)
             << "dim '" << name
             << "' is named twice; give every dim a name of its own (C1)";
    dims.push_back(attr);
    return success();
  };
  if (parser.parseKeyword("dims") ||
      syntax::parseDimNames(parser, Delimiter::Paren, addDim) ||
      parser.parseKeyword("time") || parser.parseLParen())
    return failure();
  if (succeeded(parser.parseOptionalKeyword("reverse")))
    props.reverse = builder.getUnitAttr();
  StringRef time;
  SMLoc loc;
  int64_t dim;
  if (syntax::parseDimName(parser, time, loc) || parser.parseRParen() ||
      findDim(loc, time, dim))
    return failure();
  props.dims = builder.getArrayAttr(dims);
  props.time = builder.getI64IntegerAttr(dim);
  return success();
}

ParseResult RecurrenceParser::parsePacked() {
  if (failed(parser.parseOptionalKeyword("packed")))
    return success();
  StringRef name;
  SMLoc loc;
  int64_t dim;
  bounds.emplace();
  if (parser.parseLParen() || syntax::parseDimName(parser, name, loc) ||
      findDim(loc, name, dim) || parser.parseKeyword("by") ||
      parser.parseOperand(*bounds) || parser.parseColonType(boundsType) ||
      parser.parseRParen())
    return failure();
  result.getOrAddProperties<RecurrenceOp::Properties>().packed =
      builder.getI64IntegerAttr(dim);
  return success();
}

ParseResult RecurrenceParser::parseBinding(BindingList &list,
                                           bool bindsArgument) {
  OpAsmParser::Argument argument;
  Unresolved operand;
  SmallVector<int64_t> indices;
  Type type;
  if (bindsArgument && (parser.parseArgument(argument) || parser.parseEqual()))
    return failure();
  auto addIndex = [&](StringRef name, SMLoc loc) -> ParseResult {
    if (succeeded(parser.parseOptionalPlus()) ||
        succeeded(parser.parseOptionalMinus())) // C11
      return parser.emitError(loc, "an index list names dims only; an earlier "
                                   "value is a state, a value at another index "
                                   "is linrec.at in the body (C11)");
    return findDim(loc, name, indices.emplace_back());
  };
  if (parser.parseOperand(operand) ||
      syntax::parseDimNames(parser, Delimiter::OptionalSquare, addIndex) ||
      parser.parseColon())
    return failure();
  SMLoc typeLoc = parser.getCurrentLocation();
  if (parser.parseType(type))
    return failure();
  // Results follow from these, so the verifier would come too late.
  if (&list != &ins && !isa<TensorType, BaseMemRefType>(type)) // C15
    return parser.emitError(typeLoc)
           << (&list == &outs ? "an out" : "a state") << " has type " << type
           << ", expected a tensor or memref that is written to (C15)";
  if (bindsArgument) {
    argument.type = getElementTypeOrSelf(type);
    if (succeeded(parser.parseOptionalKeyword("as")) &&
        parser.parseType(argument.type))
      return failure();
    arguments.push_back(argument);
    argumentNames.push_back(
        builder.getStringAttr(argument.ssaName.name.drop_front()));
  }
  list.operands.push_back(operand);
  list.types.push_back(type);
  list.maps.push_back(builder.getDenseI64ArrayAttr(indices));
  return success();
}

ParseResult RecurrenceParser::parseBindings(BindingList &list,
                                            bool bindsArgument) {
  return parser.parseCommaSeparatedList(
      Delimiter::Paren, [&] { return parseBinding(list, bindsArgument); });
}

ParseResult RecurrenceParser::resolveOperands() {
  SMLoc loc = parser.getNameLoc();
  auto &props = result.getOrAddProperties<RecurrenceOp::Properties>();
  props.in_maps = builder.getArrayAttr(ins.maps);
  props.out_maps = builder.getArrayAttr(outs.maps);
  props.state_maps = builder.getArrayAttr(states.maps);
  props.arg_names = builder.getArrayAttr(argumentNames);
  props.operandSegmentSizes = {int32_t(ins.operands.size()), bounds ? 1 : 0,
                               int32_t(outs.operands.size()),
                               int32_t(states.operands.size())};
  if (parser.resolveOperands(ins.operands, ins.types, loc, result.operands) ||
      (bounds && parser.resolveOperand(*bounds, boundsType, result.operands)) ||
      parser.resolveOperands(outs.operands, outs.types, loc, result.operands) ||
      parser.resolveOperands(states.operands, states.types, loc,
                             result.operands))
    return failure();
  for (Type type : llvm::concat<Type>(outs.types, states.types))
    if (isa<TensorType>(type))
      result.addTypes(type);
  return success();
}

/// The SSA name written at `where`, a place at or after `start` in the text.
static StringRef readName(OpAsmParser &parser, SMLoc start, Location where) {
  auto from = dyn_cast<FileLineColLoc>(parser.getEncodedSourceLoc(start));
  auto to = dyn_cast<FileLineColLoc>(where);
  if (!from || !to || from.getFilename() != to.getFilename())
    return {};
  StringRef text(start.getPointer());
  unsigned column = from.getColumn();
  for (unsigned line = from.getLine(); line < to.getLine(); ++line) {
    text = text.drop_front(text.find('\n')).drop_front();
    column = 1;
  }
  text = text.drop_front(to.getColumn() - column);
  return text.take_while([](char c) {
    return llvm::isAlnum(c) || StringRef("%_$.-").contains(c);
  });
}

ParseResult RecurrenceParser::parseBody() {
  Region *body = result.addRegion();
  SMLoc start = parser.getCurrentLocation();
  if (parser.parseRegion(*body, arguments, /*enableNameShadowing=*/true))
    return failure();
  // C13: for a name that the body does not define, MLIR's parser has left a
  // placeholder that is in no block; its own message would name nothing.
  WalkResult seen = body->walk([&](Operation *op) {
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def || def->getBlock())
        continue;
      StringRef name = readName(parser, start, def->getLoc());
      emitError(def->getLoc())
          << "'" << name
          << "' is not defined in the body; a body sees only its ins and "
             "states; bind "
          << name << " in ins(...) (C13)";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(seen.wasInterrupted());
}

ParseResult RecurrenceParser::parse() {
  if (parseHeader() || parsePacked())
    return failure();
  if ((succeeded(parser.parseOptionalKeyword("ins")) &&
       parseBindings(ins, /*bindsArgument=*/true)) ||
      (succeeded(parser.parseOptionalKeyword("states")) &&
       parseBindings(states, /*bindsArgument=*/true)) ||
      (succeeded(parser.parseOptionalKeyword("outs")) &&
       parseBindings(outs, /*bindsArgument=*/false)))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("attributes")) &&
      syntax::parseDiscardableAttrs(parser, result))
    return failure();
  return failure(resolveOperands() || parseBody());
}

ParseResult RecurrenceOp::parse(OpAsmParser &parser, OperationState &result) {
  return RecurrenceParser(parser, result).parse();
}

static void printBindings(OpAsmPrinter &p, StringRef keyword, RecurrenceOp op,
                          OperandRange operands,
                          function_ref<ArrayRef<int64_t>(unsigned)> map,
                          function_ref<Value(unsigned)> argument) {
  if (operands.empty())
    return;
  p.printNewline();
  p << "    " << keyword << "(";
  for (auto [i, operand] : llvm::enumerate(operands)) {
    if (i)
      p << ", ";
    Value arg = argument(i);
    if (arg)
      p << arg << " = ";
    p << operand;
    if (isa<ShapedType>(operand.getType())) {
      p << "[";
      llvm::interleaveComma(map(i), p,
                            [&](int64_t dim) { p << op.getDimName(dim); });
      p << "]";
    }
    p << " : " << operand.getType();
    if (arg && arg.getType() != getElementTypeOrSelf(operand.getType()))
      p << " as " << arg.getType();
  }
  p << ")";
}

void RecurrenceOp::print(OpAsmPrinter &p) {
  p << " dims(";
  syntax::printDimNames(p, getDims());
  p << ") time(" << (getReverse() ? "reverse " : "") << getDimName(getTimeDim())
    << ")";
  if (auto dim = getPackedDim())
    p << " packed(" << getDimName(*dim) << " by " << getBounds() << " : "
      << getBounds().getType() << ")";
  printBindings(
      p, "ins", *this, getIns(), [&](unsigned i) { return getInDims(i); },
      [&](unsigned i) { return getInArg(i); });
  printBindings(
      p, "states", *this, getStates(),
      [&](unsigned i) { return getStateDims(i); },
      [&](unsigned i) { return getStateArg(i); });
  printBindings(
      p, "outs", *this, getOuts(), [&](unsigned i) { return getOutDims(i); },
      [&](unsigned) { return Value(); });
  if (!(*this)->getDiscardableAttrDictionary().empty()) {
    p.printNewline();
    p << "    attributes";
    p.printOptionalAttrDict(llvm::to_vector((*this)->getDiscardableAttrs()));
  }
  p << " ";
  p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

void RecurrenceOp::getAsmBlockArgumentNames(Region &region,
                                            OpAsmSetValueNameFn setName) {
  for (auto [arg, name] : llvm::zip(region.getArguments(), getArgNames()))
    setName(arg, cast<StringAttr>(name).getValue());
}
