//===- LinRecOps.td - the ops of the linrec dialect --------*- tablegen -*-===//
//
// `linrec.recurrence`, the ops of its body, and nothing else: what a program
// means, not how it is computed. docs/Spec.md gives the constraints C1..C20
// that the verifiers cite, docs/Numerics.md the rules N1..N8.
//
//===----------------------------------------------------------------------===//

#ifndef LINREC_DIALECT_LINRECOPS_TD
#define LINREC_DIALECT_LINRECOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/TilingInterface.td"

def LinRec_Dialect : Dialect {
  let name = "linrec";
  let cppNamespace = "::linrec";
  let summary = "Linear recurrences, written one step at a time";
  let description = [{
    A recurrence is written as in the paper that defines it: named dimensions,
    one of them time, and a scalar body that is run at every point of every
    step. Each value of the body varies over the set of dimensions that its
    operands vary over; that set decides where the value is computed.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::math::MathDialect"
  ];
}

class LinRec_Op<string mnemonic, list<Trait> traits = []>
    : Op<LinRec_Dialect, mnemonic, traits>;

def LinRec_ReduceKind : I32EnumAttr<"ReduceKind", "how a reduction folds", [
    I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Mul", 1, "mul">,
    I32EnumAttrCase<"Max", 2, "max">, I32EnumAttrCase<"Min", 3, "min">,
    I32EnumAttrCase<"LogAddExp", 4, "logaddexp">]> {
  let cppNamespace = "::linrec";
}

//===----------------------------------------------------------------------===//
// The recurrence
//===----------------------------------------------------------------------===//

/// For each operand, the numbers of the dims that index it.
def LinRec_IndexLists :
    TypedArrayAttrBase<DenseI64ArrayAttr, "array of index lists">;

def LinRec_RecurrenceOp : LinRec_Op<"recurrence", [
    AttrSizedOperandSegments, IsolatedFromAbove, DestinationStyleOpInterface,
    SingleBlock,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<TilingInterface,
        ["getIterationDomain", "getLoopIteratorTypes",
         "getTiledImplementation", "getResultTilePosition",
         "generateResultTileValue"]>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
        ["reifyResultShapes"]>]> {
  let summary = "a recurrence over named dimensions, one step at a time";
  let description = [{
    For each step t in order (T-1..0 if `reverse`), at every point of the other
    dimensions, the body is evaluated; its state arguments hold the value
    before the step, and `linrec.yield` gives the outs and the next states.

        outs[t, p], state[t, p] = body(ins[t, p], state[t-1, p])

    `%arg = %value[dims] : type` binds a block argument to an operand, indexed
    by those dims. A state's destination is its initial value and receives the
    last one; outs are never read. Zero steps leave states as they were and
    outs unwritten. `packed(s by %bounds)`: segment s runs over the times
    bounds[s] .. bounds[s+1]-1 with the states of index s.

    Results: the tensor outs, then the tensor states, of the destinations'
    types. On memrefs the op has no results and writes its destinations.

    Rounding: arithmetic is that of the body's types; an implementation may
    reassociate (N1) unless the op has the unit attribute `linrec.exact`.
    Constraints: C1 to C18 and C20 of docs/Spec.md.

    Example:
    ```mlir
    %y, %hT = linrec.recurrence dims(t, d) time(t)
        ins(%a_t = %a[t, d] : tensor<?x?xf32>, %x_t = %x[t, d] : tensor<?x?xf32>)
        states(%h = %h0[d] : tensor<?xf32>)
        outs(%y0[t, d] : tensor<?x?xf32>) {
      %kept = arith.mulf %a_t, %h : f32
      %next = arith.addf %kept, %x_t : f32
      linrec.yield outs(%next : f32) states(%next : f32)
    }
    ```
  }];
  // Operand order is ins, bounds, outs, states: the inits are a suffix, and
  // tied to the results in order. The text has ins, states, outs.
  let arguments = (ins
    Variadic<AnyType>:$ins, Optional<AnyType>:$bounds,
    Variadic<AnyType>:$outs, Variadic<AnyType>:$states,
    StrArrayAttr:$dims, I64Attr:$time, UnitAttr:$reverse,
    OptionalAttr<I64Attr>:$packed,
    LinRec_IndexLists:$in_maps, LinRec_IndexLists:$out_maps,
    LinRec_IndexLists:$state_maps,
    StrArrayAttr:$arg_names);
  let results = (outs Variadic<AnyTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable();

    unsigned getNumDims() { return getDims().size(); }
    unsigned getTimeDim() { return getTime(); }
    /// The dim that numbers the segments of packed sequences.
    std::optional<unsigned> getPackedDim();
    bool isReverse() { return getReverse(); }
    /// `linrec.exact` pins the sequential order of every operation (N1).
    bool isExact() { return (*this)->hasAttr("linrec.exact"); }
    bool hasTensors() { return getNumResults() != 0; }
    ::llvm::StringRef getDimName(unsigned dim);
    /// The dim of that name, if any.
    std::optional<unsigned> findDim(::llvm::StringRef name);
    /// The dims that index in / out / state number i, outermost first.
    ::llvm::ArrayRef<int64_t> getInDims(unsigned i);
    ::llvm::ArrayRef<int64_t> getOutDims(unsigned i);
    ::llvm::ArrayRef<int64_t> getStateDims(unsigned i);
    ::llvm::StringRef getInName(unsigned i);
    ::llvm::StringRef getStateName(unsigned i);

    ::mlir::BlockArgument getInArg(unsigned i);
    ::mlir::BlockArgument getStateArg(unsigned i);
    ::linrec::YieldOp getYield();
    /// Next value of state i, and value of out i, as yielded.
    ::mlir::Value getNext(unsigned i);
    ::mlir::Value getOutValue(unsigned i);
    /// Results tied to the tensor outs and states.
    ::mlir::Value getOutResult(unsigned i);
    ::mlir::Value getStateResult(unsigned i);

    /// Every operand that a dim indexes, with the index lists, in the order
    /// ins, outs, states. Scalars have an empty list.
    struct Binding {
      ::mlir::Value value;
      ::llvm::ArrayRef<int64_t> dims;
      ::mlir::OpOperand *operand;
    };
    ::llvm::SmallVector<Binding> getBindings();
    /// What operand number i is.
    bool isOut(unsigned i);
    bool isState(unsigned i);
    /// Static extent of a dim, or kDynamic; from any operand that has it.
    int64_t getStaticExtent(unsigned dim);
  }];
}

def LinRec_YieldOp : LinRec_Op<"yield", [Pure, Terminator, ReturnLike,
    AttrSizedOperandSegments]> {
  let summary = "ends the body of a recurrence";
  let description = [{
    Gives the values of the outs at this point and step, and the next states.
    An out's value has the out's element type or a wider float; a state's has
    its block argument's type (C8). Both are rounded when they are stored.
  }];
  let arguments = (ins Variadic<AnyType>:$outs, Variadic<AnyType>:$states);
  let assemblyFormat = [{
    (`outs` `(` $outs^ `:` type($outs) `)`)?
    (`states` `(` $states^ `:` type($states) `)`)? attr-dict
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Ops of the body
//===----------------------------------------------------------------------===//

def LinRec_ReduceOp : LinRec_Op<"reduce", [Pure, SameOperandsAndResultType]> {
  let summary = "fold a value over whole dimensions";
  let description = [{
    Folds `value` over the whole extent of each dim in `over`. A dim that the
    value does not vary over is folded as many times as its extent. `max` and
    `min` propagate NaN and are signed on integers. An empty extent gives the
    identity (0, 1, -inf / smallest, inf / largest, -inf). Constraint C10.

    The result varies over the dims of `value` without `over`. Rounding: each
    step is rounded in the value's type; the order of the steps is free (N1),
    unless the recurrence has `linrec.exact`. Complex values have no max and
    min, logaddexp is of floats only.

    Example:
    ```mlir
    %y_t = linrec.reduce add %ch over(n) : f32
    ```
  }];
  let arguments = (ins AnyType:$value, LinRec_ReduceKind:$kind,
                       StrArrayAttr:$over);
  let results = (outs AnyType:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
}

def LinRec_AtOp : LinRec_Op<"at", [Pure,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "a value at another index";
  let description = [{
    `%v` with all substitutions `dim = expression` made at once, where an
    expression is a dim, a dim plus or minus a constant, or a constant. A read
    outside the extent gives the `else` value, itself a value at this point.
    Nothing is rounded. Constraint C11: never of time (an earlier value is a
    state); an offset needs `else`; without it `[i = j]` needs equal extents
    and a constant must be in range, checked before the first step if the
    extent is not static.

    The result varies over the dims of the value without the left-hand dims
    that it has, with the right-hand ones, and over those of `else`. A pair
    whose left-hand dim the value lacks is ignored, unless there is `else`:
    then its test against the extent applies.

    Example:
    ```mlir
    %up = linrec.at %z[i = i + 1] else %zero : f64
    ```
  }];
  // Substitution k replaces dims[k] by bases[k] + offsets[k]; an empty base
  // means the constant offsets[k].
  let arguments = (ins AnyType:$value, Optional<AnyType>:$else_value,
                       StrArrayAttr:$dims, StrArrayAttr:$bases,
                       DenseI64ArrayAttr:$offsets);
  let results = (outs AnyType:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    unsigned getNumSubstitutions() { return getDims().size(); }
    ::llvm::StringRef getDim(unsigned k);
    /// Empty if substitution k is a constant.
    ::llvm::StringRef getBase(unsigned k);
    int64_t getOffset(unsigned k) { return getOffsets()[k]; }
  }];
}

def LinRec_IndexOp : LinRec_Op<"index", [Pure]> {
  let summary = "the index of this point along a dimension";
  let description = [{
    The index along `dim`, converted to the result's type (an integer type
    wraps, a float type rounds to nearest). It varies over `dim` alone. Of the time dim it
    is the step's position in the arrays, also if the recurrence is reverse or
    packed.

    Example:
    ```mlir
    %i = linrec.index(i) : index
    ```
  }];
  let arguments = (ins StrAttr:$dim);
  let results = (outs AnyTypeOf<[AnyInteger, Index, AnyFloat]>:$result);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
}

def LinRec_FloatLike : TypeConstraint<
    Or<[AnyFloat.predicate, TensorOf<[AnyFloat]>.predicate,
        VectorOfNonZeroRankOf<[AnyFloat]>.predicate]>,
    "float, or tensor or vector of float">;

class LinRec_Scalar<string mnemonic> : LinRec_Op<mnemonic,
    [Pure, Elementwise, SameOperandsAndResultType]> {
  let results = (outs LinRec_FloatLike:$result);
  let hasFolder = 1;
}

def LinRec_SigmoidOp : LinRec_Scalar<"sigmoid"> {
  let summary = "1 / (1 + exp(-x)), without overflow";
  let description = [{
    Elementwise on a float, or on a tensor or vector of floats. NaN gives NaN,
    -inf gives 0, inf gives 1; at most 2 ulp of error (N6).

    Example:
    ```mlir
    %s = linrec.sigmoid %x : f32
    ```
  }];
  let arguments = (ins LinRec_FloatLike:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
}

def LinRec_SoftplusOp : LinRec_Scalar<"softplus"> {
  let summary = "log(1 + exp(x)), without overflow";
  let description = [{
    Elementwise, as max(x, 0) + log1p(exp(-|x|)). NaN gives NaN, -inf gives
    0, inf gives inf; at most 2 ulp of error (N6).

    Example:
    ```mlir
    %s = linrec.softplus %x : f32
    ```
  }];
  let arguments = (ins LinRec_FloatLike:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($operand)";
}

def LinRec_LogAddExpOp : LinRec_Scalar<"logaddexp"> {
  let summary = "log(exp(a) + exp(b)), without overflow";
  let description = [{
    The sum of the log semiring, elementwise, as
    max(a, b) + log1p(exp(-|a - b|)). NaN in either gives NaN;
    logaddexp(-inf, -inf) = -inf, and inf in either gives inf.

    Example:
    ```mlir
    %s = linrec.logaddexp %a, %b : f32
    ```
  }];
  let arguments = (ins LinRec_FloatLike:$lhs, LinRec_FloatLike:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
}

#endif // LINREC_DIALECT_LINRECOPS_TD
